package dev.parley.lab.sim;

import java.util.Optional;

/**
 * What came of one seed.
 *
 * @param violation what must not have happened; empty: all is well
 * @param seconds of virtual time
 * @param messages taken, all of which arrived where there is no violation
 */
public record Outcome(
        long seed,
        Optional<String> violation,
        int nodes,
        double seconds,
        long events,
        int handshakes,
        int sessions,
        int messages,
        int ratchets) {
    /** Says whether nothing was found. */
    public boolean ok() {
        return violation.isEmpty();
    }

    /** Returns one line for people. */
    public String line() {
        return "seed %d: %s (%d nodes, %.0f s, %d events, %d handshakes, %d messages, %d ratchets)"
                .formatted(seed, violation.orElse("ok"), nodes, seconds, events, handshakes, messages, ratchets);
    }
}
