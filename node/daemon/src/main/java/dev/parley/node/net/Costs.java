package dev.parley.node.net;

import dev.parley.protocol.Ending;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What a stranger's deeds cost, in units of about a millisecond of a processor. Computing is measured; the rest are prices, higher
 * than the deed itself, for what nobody does who means well.
 */
final class Costs {

    /** A connection that is taken: a channel, a timer, lines of the log. */
    static final double CONNECTION = 0.2;
    /** A connection of an address that is held back, refused at once. */
    static final double REFUSED = 0.05;
    /** Came and went without a byte, as those do who look whether a port is open. */
    static final double SILENT = 1;
    /** Had to make room for another handshake. */
    static final double CROWDED_OUT = 1;
    /** Asked for an unwrap beyond the quota of its address. */
    static final double OVER_QUOTA = 2;
    /** Proved a key that is not let in. */
    static final double TURNED_AWAY = 2;
    /** Broke off, proved nothing, or left the handshake open until its deadline. */
    static final double UNFINISHED = 5;
    /** Sent what is no PSP/1. */
    static final double MALFORMED = 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean MEASURES = THREADS.isCurrentThreadCpuTimeSupported();

    private Costs() {}

    /** Units of work that a thread has done so far: of the processor, so that waiting for it in a flood costs nobody. */
    static double spentByThisThread() {
        return (MEASURES ? THREADS.getCurrentThreadCpuTime() : System.nanoTime()) / 1e6;
    }

    /** What is due for a connection that ended before a session was up. */
    static double of(Ending ending, long bytesIn) {
        return switch (ending.failure()) {
            case MALFORMED -> MALFORMED;
            case TIMED_OUT -> UNFINISHED;
            case NOT_TRUSTED, AWAITING_APPROVAL, BLOCKED -> TURNED_AWAY;
            case HANDSHAKE_FAILED -> bytesIn == 0 ? SILENT : UNFINISHED;
            case NO_COMMON_VERSION_OR_SUITE -> SILENT;
            // This node's own limits, which another address may have used up.
            case BUSY, SHUTTING_DOWN -> 0;
            case NORMAL -> ending.how() == Ending.How.ABORTED ? CROWDED_OUT : 0;
            default -> SILENT;
        };
    }
}
