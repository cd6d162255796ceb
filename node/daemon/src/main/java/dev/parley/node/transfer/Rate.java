package dev.parley.node.transfer;

/**
 * How fast bytes go, and when it is time to tell: an average over about the last two seconds, renewed at most
 * four times a second. Thread-safe.
 */
final class Rate {
    private static final long STEP_MILLIS = 250;
    private static final double WEIGHT_OF_NEW = 0.25;
    private static final double MILLIS = 1_000.0;

    private long lastAt;
    private long lastBytes;
    private double average;
    private boolean measured;

    /** A flow begins. */
    synchronized void begin(long bytes, long now) {
        lastAt = now;
        lastBytes = bytes;
        measured = false;
    }

    /** @return whether long enough has passed since this was last true */
    synchronized boolean moved(long bytes, long now) {
        long passed = now - lastAt;
        if (passed < STEP_MILLIS) {
            return false;
        }
        double latest = (bytes - lastBytes) * MILLIS / passed;
        average = measured ? average + WEIGHT_OF_NEW * (latest - average) : latest;
        measured = true;
        lastAt = now;
        lastBytes = bytes;
        return true;
    }

    synchronized long bytesPerSecond() {
        return measured ? Math.round(average) : 0;
    }
}
