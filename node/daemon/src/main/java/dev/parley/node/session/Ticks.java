package dev.parley.node.session;

/** The node's monotonic clock, in the unit that the protocol takes. */
public final class Ticks {

    private Ticks() {}

    /** Milliseconds since some moment before the start of the process. */
    public static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
