package dev.parley.lab.sim;

import java.util.Locale;

/** A mistake built into the simulated hosts or the network, to see that the simulator finds it. */
public enum Defect {
    /** None. */
    NONE,
    /** A message is acknowledged before it is durable. */
    ACK_BEFORE_COMMIT,
    /** A message that comes again is delivered again. */
    NO_DEDUP,
    /** Nobody closes the second of two sessions. */
    NO_TIE_BREAK,
    /** What was sent counts as delivered: a new session goes on with what follows. */
    NO_RESEND,
    /** A new session sends what was never sent before what was. */
    NEWEST_FIRST,
    /** Having refused a message for want of room, a node takes the ones behind it. */
    TAKES_WHAT_FOLLOWS,
    /** After a loss nobody dials again. */
    NO_REDIAL,
    /** A connection that was told to stop reading never reads again. */
    NEVER_RESUMES,
    /** The channel's timers do not go off. */
    NO_TIMERS,
    /** The network changes the order of bytes inside a connection. */
    REORDERED_BYTES;

    /** Returns the name for the command line: "no-dedup". */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
