package dev.parley.node.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The time until the next dial: at first a random time between {@code first} and five times that (1 to 5 s, PSP/1 section 5),
 * then doubled with each failure, up to {@code most}; the randomness stays, so that nodes that lost the same peer do not come
 * back in one wave.
 */
final class Backoff {

    private static final int SPREAD = 5;
    private static final long SOON_MOST_MILLIS = 5_000;
    private static final int DOUBLINGS_AT_MOST = 20;

    private final long firstMillis;
    private final long mostMillis;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration most, RandomGenerator random) {
        this.firstMillis = first.toMillis();
        this.mostMillis = most.toMillis();
        this.random = random;
    }

    /** Milliseconds until the next dial; each call counts as one more failure. */
    long next() {
        long base = random.nextLong(firstMillis, firstMillis * SPREAD + 1);
        long doubled = base << Math.min(failures++, DOUBLINGS_AT_MOST);
        return doubled <= mostMillis ? doubled : random.nextLong(mostMillis / 2, mostMillis + 1);
    }

    /** Milliseconds until a dial that may well succeed now; but many nodes may know so at the same moment. */
    long soon() {
        reset();
        return random.nextLong(SOON_MOST_MILLIS + 1);
    }

    void reset() {
        failures = 0;
    }
}
