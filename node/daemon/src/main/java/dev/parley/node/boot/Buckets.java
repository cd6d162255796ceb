package dev.parley.node.boot;

import java.time.Duration;
import java.util.stream.LongStream;

/** Upper ends of the buckets of histograms: few, since each is a series of its own. */
final class Buckets {
    /** What a machine does by itself, 1 ms to 10 s. */
    static final Duration[] SHORT = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

    /** What waits for others to be there: up to a week. */
    static final Duration[] LONG =
            millis(10, 50, 100, 500, 1_000, 5_000, 30_000, 60_000, 600_000, 3_600_000, 86_400_000, 604_800_000);

    private Buckets() {}

    private static Duration[] millis(long... ends) {
        return LongStream.of(ends).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
