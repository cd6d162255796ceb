package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Role;

/** Responder: ACCEPT is sent, IDENTIFY is awaited. */
public final class AwaitIdentify extends OneShot implements HandshakeState {
    private final Local local;
    private final SymmetricState symmetric;

    AwaitIdentify(Local local, SymmetricState symmetric) {
        this.local = local;
        this.symmetric = symmetric;
    }

    /** Opens the first half of IDENTIFY, which shows that the sender of HELLO goes on: cheap. */
    public WrapReceived identify(byte[] body) throws HandshakeException {
        use();
        try {
            Messages.Pair identify = Messages.Pair.parse(body);
            byte[] wrap = symmetric.decryptAndHash(identify.first());
            return new WrapReceived(local, symmetric, wrap, identify.second());
        } catch (MalformedException e) {
            throw HandshakeException.reject(Failure.MALFORMED, "IDENTIFY malformed");
        } catch (CryptoException e) {
            throw HandshakeException.reject(Failure.HANDSHAKE_FAILED, "IDENTIFY does not open");
        }
    }

    /** Opens an ALERT in place of IDENTIFY. It proves nothing about who sent it. */
    public PeerAlert alert(byte[] body) throws HandshakeException {
        use();
        return symmetric.openAlert(Role.INITIATOR, body);
    }

    @Override
    public void close() {
        symmetric.close();
    }

    /** Responder: the wrap is in; the RSA private operation is due. */
    public static final class WrapReceived extends OneShot implements HandshakeState {
        private final Local local;
        private final SymmetricState symmetric;
        private final byte[] wrap;
        private final byte[] sealedIdentity;

        private WrapReceived(Local local, SymmetricState symmetric, byte[] wrap, byte[] sealedIdentity) {
            this.local = local;
            this.symmetric = symmetric;
            this.wrap = wrap;
            this.sealedIdentity = sealedIdentity;
        }

        /** Unwraps, opens the initiator's identity and builds CONFIRM, whoever it is: expensive. */
        public Sent<AwaitReady> confirm() throws HandshakeException {
            use();
            Identity claimed = open();
            if (claimed.peerId().equals(local.key().peerId())) {
                throw alert(Failure.CONNECTED_TO_SELF, "initiator has our own key");
            }
            byte[] bytes = new byte[KeyTransport.SECRET];
            local.random().nextBytes(bytes);
            try (Secret secret = Secret.own(bytes)) {
                byte[] answer = KeyTransport.wrap(claimed.publicKey(), secret, local.crypto(), local.random());
                byte[] first = symmetric.encryptAndHash(answer);
                symmetric.mixKey(secret);
                byte[] second = symmetric.encryptAndHash(Messages.params(local.maxPlaintext()));
                byte[] frame = Messages.Pair.frame(FrameType.CONFIRM, first, second);
                return new Sent<>(frame, new AwaitReady(symmetric.split(), claimed));
            } catch (CryptoException e) {
                throw alert(Failure.MALFORMED, "initiator's key cannot be used");
            }
        }

        @Override
        public void close() {
            symmetric.close();
        }

        private Identity open() throws HandshakeException {
            byte[] plaintext;
            try (Secret secret = KeyTransport.unwrap(local.key(), wrap, local.crypto(), local.random())) {
                symmetric.mixKey(secret);
                plaintext = symmetric.decryptAndHash(sealedIdentity);
            } catch (CryptoException e) {
                throw HandshakeException.reject(Failure.HANDSHAKE_FAILED, "IDENTIFY does not open");
            }
            try {
                return Identity.parse(plaintext);
            } catch (MalformedException e) {
                throw alert(Failure.MALFORMED, "initiator's identity is malformed");
            }
        }

        private HandshakeException alert(Failure failure, String detail) {
            return HandshakeException.alert(failure, detail, symmetric.alert(Role.RESPONDER, failure, ""));
        }
    }
}
