package dev.parley.protocol.wire;

/** Bytes that break a format. The message is one of our own constant texts and never echoes input. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param what what is wrong, a constant text */
    public MalformedException(String what) {
        // No stack trace: hostile input must not buy the cost of one.
        super(what, null, false, false);
    }
}
