package dev.parley.protocol.handshake;

import dev.parley.protocol.wire.Failure;
import java.util.Optional;

/** A handshake failed: what the peer is told and what the audit log says. */
public final class HandshakeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Failure failure;
    private final transient byte[] alert;

    private HandshakeException(Failure failure, String detail, byte[] alert) {
        super(detail, null, false, false);
        this.failure = failure;
        this.alert = alert;
    }

    /** A failure that is answered by REJECT. */
    static HandshakeException reject(Failure failure, String detail) {
        return new HandshakeException(failure, detail, null);
    }

    /** A failure that is answered by this ALERT frame. */
    static HandshakeException alert(Failure failure, String detail, byte[] frame) {
        return new HandshakeException(failure, detail, frame);
    }

    /** Returns the code for the peer. */
    public Failure failure() {
        return failure;
    }

    /** Returns the ALERT frame to send; empty: REJECT. */
    public Optional<byte[]> alert() {
        return Optional.ofNullable(alert);
    }
}
