package dev.parley.node.message;

/** As much waits, or is kept, as the settings allow. */
public final class QuotaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuotaException(String message) {
        super(message, null, false, false);
    }
}
