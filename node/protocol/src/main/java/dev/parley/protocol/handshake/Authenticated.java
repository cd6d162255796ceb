package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Identity;

/**
 * The peer holds the private key of its identity. Only a handshake that went through makes one of these, so that having
 * it is the proof.
 */
public final class Authenticated implements HandshakeState {
    private final SessionKeys keys;
    private final Identity peer;
    private final int remoteMaxPlaintext;

    Authenticated(SessionKeys keys, Identity peer, int remoteMaxPlaintext) {
        this.keys = keys;
        this.peer = peer;
        this.remoteMaxPlaintext = remoteMaxPlaintext;
    }

    /** Returns the secrets of epoch 0. */
    public SessionKeys keys() {
        return keys;
    }

    /** Returns who the peer is. */
    public Identity peer() {
        return peer;
    }

    /** Returns the longest record plaintext that the peer accepts, in bytes. */
    public int remoteMaxPlaintext() {
        return remoteMaxPlaintext;
    }

    @Override
    public void close() {
        keys.close();
    }
}
