package dev.parley.node.witness;

/** A peer could not be asked, or did not answer. The message says why, for the operator. */
public final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean late;

    NoAnswer(String why, boolean late) {
        super(why, null, false, false);
        this.late = late;
    }

    /** Whether it was asked, and there was no answer in time. */
    public boolean isLate() {
        return late;
    }
}
