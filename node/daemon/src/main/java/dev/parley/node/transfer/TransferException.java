package dev.parley.node.transfer;

/** What the operator asked of a transfer cannot be done; the message says why, in one line. */
public final class TransferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        NOT_FOUND,
        /** Not possible in the state that it is in. */
        STATE,
        /** Longer than a file may be. */
        TOO_LARGE,
        /** The spool holds as much as it may. */
        QUOTA,
        /** The disk is full, or cannot be written. */
        FULL,
        /** As many files as may be are handed over at this moment. */
        BUSY
    }

    private final Reason reason;

    TransferException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    TransferException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
