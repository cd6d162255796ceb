package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Role;

/** Initiator: IDENTIFY is sent, CONFIRM is awaited. */
public final class AwaitConfirm extends OneShot implements HandshakeState {
    private final Local local;
    private final SymmetricState symmetric;
    private final Identity claimed;

    AwaitConfirm(Local local, SymmetricState symmetric, Identity claimed) {
        this.local = local;
        this.symmetric = symmetric;
        this.claimed = claimed;
    }

    /** Opens CONFIRM, with an RSA private operation: expensive. */
    public Authenticated confirm(byte[] body) throws HandshakeException {
        use();
        byte[] params;
        try {
            Messages.Pair confirm = Messages.Pair.parse(body);
            byte[] wrap = symmetric.decryptAndHash(confirm.first());
            try (Secret secret = KeyTransport.unwrap(local.key(), wrap, local.crypto(), local.random())) {
                symmetric.mixKey(secret);
            }
            params = symmetric.decryptAndHash(confirm.second());
        } catch (MalformedException e) {
            throw HandshakeException.reject(Failure.MALFORMED, "CONFIRM malformed");
        } catch (CryptoException e) {
            throw HandshakeException.reject(Failure.HANDSHAKE_FAILED, "CONFIRM does not open");
        }
        try {
            int remoteMaxPlaintext = Messages.parseParams(params);
            return new Authenticated(symmetric.split(), claimed, remoteMaxPlaintext);
        } catch (MalformedException e) {
            throw HandshakeException.reject(Failure.MALFORMED, "responder's parameters are malformed");
        }
    }

    /** Opens an ALERT in place of CONFIRM. Codes about trust count as 3: no responder has a say on it yet. */
    public PeerAlert alert(byte[] body) throws HandshakeException {
        use();
        PeerAlert alert = symmetric.openAlert(Role.RESPONDER, body);
        return switch (alert.failure()) {
            case NOT_TRUSTED, AWAITING_APPROVAL, BLOCKED ->
                new PeerAlert(Failure.HANDSHAKE_FAILED, Failure.HANDSHAKE_FAILED.code(), alert.reason());
            default -> alert;
        };
    }

    @Override
    public void close() {
        symmetric.close();
    }
}
