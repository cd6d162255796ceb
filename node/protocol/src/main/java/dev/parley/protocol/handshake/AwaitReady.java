package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.wire.Record;

/** Responder: CONFIRM is sent, READY is awaited. Until it has opened the initiator has shown only a public key. */
public final class AwaitReady extends OneShot implements HandshakeState {
    private final SessionKeys keys;
    private final Identity claimed;

    AwaitReady(SessionKeys keys, Identity claimed) {
        this.keys = keys;
        this.claimed = claimed;
    }

    /** Returns the secrets of epoch 0, with which READY is opened. */
    public SessionKeys keys() {
        return keys;
    }

    /** Returns who the initiator says it is: for the audit of a failure alone. */
    public Identity claimed() {
        return claimed;
    }

    /** Takes READY, which has opened under the initiator's key: the proof of who it is. */
    public Authenticated ready(Record.Ready ready) {
        use();
        return new Authenticated(keys, claimed, ready.maxPlaintext());
    }

    @Override
    public void close() {
        keys.close();
    }
}
