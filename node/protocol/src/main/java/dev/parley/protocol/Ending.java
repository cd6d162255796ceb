package dev.parley.protocol;

import dev.parley.protocol.wire.Failure;

/**
 * How a connection ended.
 *
 * @param how by whom and in which manner
 * @param failure the code that was sent or received, or that fits where none was
 * @param code the byte that was sent or received; another than {@code failure.code()} only for an unknown one
 * @param reason what the peer said, everything unprintable replaced; empty where it said nothing
 * @param detail a constant text of ours for the audit log; never shown to the peer, never echoes its input
 */
public record Ending(How how, Failure failure, int code, String reason, String detail) {
    /** The manner of an ending. */
    public enum How {
        /** We sent CLOSE first. */
        CLOSED,
        /** The peer sent CLOSE first. */
        CLOSED_BY_PEER,
        /** We sent REJECT. */
        REJECTED,
        /** The peer sent REJECT: a hint, anybody on the path can send it. */
        REJECTED_BY_PEER,
        /** We sent ALERT. */
        ALERTED,
        /** The peer sent ALERT. An initiator's proves nothing about who sent it. */
        ALERTED_BY_PEER,
        /** A handshake ended with no answer: for cryptographic reasons, because the connection broke, or before HELLO. */
        HANDSHAKE_FAILED,
        /** A record did not open: somebody changed, removed, repeated or reordered bytes. */
        TAMPERED,
        /** The connection ended without a CLOSE, or inside a frame. */
        TRUNCATED,
        /** The connection ended before the responder's first record: a failed dial. */
        LOST,
        /** The host lost or gave up the socket. */
        ABORTED
    }

    Ending(How how, Failure failure, String detail) {
        this(how, failure, failure.code(), "", detail);
    }
}
