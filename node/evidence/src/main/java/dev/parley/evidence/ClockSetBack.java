package dev.parley.evidence;

import java.time.Duration;

/** The line by which a node says that the time of this line is before that of the line above, because its clock was set back. */
public final class ClockSetBack {
    /** The event's name. */
    public static final String EVENT = "CLOCK_SET_BACK";
    /** A clock that is corrected by no more than this counts as standing still: the lines keep the time that was. */
    public static final Duration TOLERANCE = Duration.ofSeconds(1);

    private ClockSetBack() {}
}
