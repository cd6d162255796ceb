package dev.parley.node.message;

/** The store can take nothing now: the disk is full, or nearly. */
public final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRoom() {
        super("the disk is full, or nearly", null, false, false);
    }
}
