package dev.parley.node.config;

import java.time.Duration;

/**
 * How the time of a stop is divided, so that all of it fits into {@code parley.shutdown.grace}.
 *
 * @param settle for acknowledgements that are under way: whatever the other two leave
 * @param close for CLOSE to be written and answered
 * @param write for files, store and net.log to be on the disk
 * @param backSeconds what peers are told: in how many seconds this node is expected back; 0: unknown
 */
public record ShutdownPlan(Duration settle, Duration close, Duration write, long backSeconds) {

    /** PSP/1 section 5: 2 s for CLOSE to leave and 2 s for the answer; and a moment for a busy machine. */
    static final Duration CLOSE = Duration.ofMillis(4_500);

    /**
     * 1 s for requests of the admin socket; 2.5 s for files, witnesses, traces and the bridge, at the same time; and the rest for the
     * store and net.log.
     */
    static final Duration WRITE = Duration.ofMillis(5_000);

    /** What a grace has to leave for acknowledgements. */
    static final Duration SETTLE_LEAST = Duration.ofMillis(500);

    /** The plan of a configuration that {@link ConfigCheck} found good. */
    public static ShutdownPlan of(ParleyConfig config) {
        Duration back = config.shutdown().back();
        long backSeconds = back.plusSeconds(1).minusNanos(1).toSeconds();
        return new ShutdownPlan(config.shutdown().grace().minus(CLOSE).minus(WRITE), CLOSE, WRITE, backSeconds);
    }

    /** This plan with less time to settle, because something else of the stop takes some. */
    public ShutdownPlan without(Duration taken) {
        return new ShutdownPlan(settle.minus(taken), close, write, backSeconds);
    }

    /** The least {@code parley.shutdown.grace} where something else of the stop takes {@code more}. */
    public static Duration leastGrace(Duration more) {
        return CLOSE.plus(WRITE).plus(SETTLE_LEAST).plus(more);
    }

    /** From the signal to end until no session is left. */
    public Duration untilClosed() {
        return settle.plus(close);
    }

    public Duration grace() {
        return untilClosed().plus(write);
    }
}
