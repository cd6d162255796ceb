package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Role;

/** Initiator: the responder has named itself; whether to reveal our identity to it is to be decided. */
public final class ResponderClaimed extends OneShot implements HandshakeState {
    private final Local local;
    private final SymmetricState symmetric;
    private final Identity claimed;

    ResponderClaimed(Local local, SymmetricState symmetric, Identity claimed) {
        this.local = local;
        this.symmetric = symmetric;
        this.claimed = claimed;
    }

    /** Returns who the responder says it is: not proved. */
    public Identity claimed() {
        return claimed;
    }

    /** Returns the suite chosen. */
    public Suite suite() {
        return symmetric.suite();
    }

    /** Wraps a secret for the responder and builds IDENTIFY: expensive. */
    public Sent<AwaitConfirm> identify() throws HandshakeException {
        use();
        byte[] bytes = new byte[KeyTransport.SECRET];
        local.random().nextBytes(bytes);
        try (Secret secret = Secret.own(bytes)) {
            byte[] wrap = KeyTransport.wrap(claimed.publicKey(), secret, local.crypto(), local.random());
            byte[] first = symmetric.encryptAndHash(wrap);
            symmetric.mixKey(secret);
            byte[] second = symmetric.encryptAndHash(local.identity().encode());
            byte[] frame = Messages.Pair.frame(FrameType.IDENTIFY, first, second);
            return new Sent<>(frame, new AwaitConfirm(local, symmetric, claimed));
        } catch (CryptoException e) {
            throw HandshakeException.alert(
                    Failure.MALFORMED,
                    "responder's key cannot be used",
                    symmetric.alert(Role.INITIATOR, Failure.MALFORMED, ""));
        }
    }

    /** Builds the ALERT frame that takes the place of IDENTIFY. */
    public byte[] alert(Failure failure) {
        use();
        return symmetric.alert(Role.INITIATOR, failure, "");
    }

    @Override
    public void close() {
        symmetric.close();
    }
}
