package dev.parley.lab.wire;

/** Seen from the side that dialed. */
public enum Direction {
    /** From the dialer. */
    OUT,
    /** To the dialer. */
    BACK;

    public Direction opposite() {
        return this == OUT ? BACK : OUT;
    }
}
