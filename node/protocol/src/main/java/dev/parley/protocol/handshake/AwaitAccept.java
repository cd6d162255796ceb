package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Role;
import java.util.Optional;

/** Initiator: HELLO is sent, ACCEPT is awaited. */
public final class AwaitAccept extends OneShot implements HandshakeState {
    private final Local local;
    private final SymmetricState symmetric;
    private final XWing.KeyPair ephemeral;

    private AwaitAccept(Local local, SymmetricState symmetric, XWing.KeyPair ephemeral) {
        this.local = local;
        this.symmetric = symmetric;
        this.ephemeral = ephemeral;
    }

    /** Generates the ephemeral key and builds HELLO: expensive. */
    public static Sent<AwaitAccept> begin(Local local) {
        XWing.KeyPair ephemeral = XWing.generate(local.random());
        SymmetricState symmetric = new SymmetricState(local.crypto(), local.random());
        byte[] body = Messages.Hello.body(local.suites(), ephemeral.publicKey());
        symmetric.mixHash(body);
        return new Sent<>(FrameType.HELLO.frame(body), new AwaitAccept(local, symmetric, ephemeral));
    }

    /**
     * Opens ACCEPT: expensive.
     *
     * @param expected whom the dial was meant for
     */
    public ResponderClaimed accept(byte[] body, Optional<PeerId> expected) throws HandshakeException {
        use();
        Messages.Accept accept = parse(body);
        Suite suite = Suite.of(accept.suite())
                .filter(local.suites()::contains)
                .orElseThrow(() -> HandshakeException.reject(Failure.MALFORMED, "ACCEPT has a suite not offered"));
        symmetric.suite(suite);
        symmetric.mixHash(new byte[] {(byte) suite.id()}, accept.ciphertext());
        byte[] plaintext;
        try (ephemeral;
                Secret shared = XWing.decapsulate(ephemeral.seed(), accept.ciphertext())) {
            symmetric.mixKey(shared);
            plaintext = symmetric.decryptAndHash(accept.identity());
        } catch (CryptoException e) {
            throw HandshakeException.reject(Failure.HANDSHAKE_FAILED, "ACCEPT does not open");
        }
        Identity claimed;
        try {
            claimed = Identity.parse(plaintext);
        } catch (MalformedException e) {
            throw alert(Failure.MALFORMED, "responder's identity is malformed");
        }
        if (claimed.peerId().equals(local.key().peerId())) {
            throw alert(Failure.CONNECTED_TO_SELF, "responder has our own key");
        }
        if (expected.isPresent() && !expected.get().equals(claimed.peerId())) {
            throw alert(Failure.NOT_TRUSTED, "responder has another key than the dial expects");
        }
        return new ResponderClaimed(local, symmetric, claimed);
    }

    @Override
    public void close() {
        ephemeral.close();
        symmetric.close();
    }

    private HandshakeException alert(Failure failure, String detail) {
        return HandshakeException.alert(failure, detail, symmetric.alert(Role.INITIATOR, failure, ""));
    }

    private static Messages.Accept parse(byte[] body) throws HandshakeException {
        try {
            return Messages.Accept.parse(body);
        } catch (MalformedException e) {
            throw HandshakeException.reject(Failure.MALFORMED, "ACCEPT malformed");
        }
    }
}
