package dev.parley.node.witness;

/** How often something may happen: so many at once, and then one each interval. Confined to one thread. */
final class Ration {
    private final int atOnce;
    private final long intervalMillis;
    private double left;
    private long lookedAt;

    Ration(int atOnce, long intervalMillis, long now) {
        this.atOnce = atOnce;
        this.intervalMillis = intervalMillis;
        this.left = atOnce;
        this.lookedAt = now;
    }

    /** @param now milliseconds of a monotonic clock. @return false: too often */
    boolean take(long now) {
        left = Math.min(atOnce, left + (double) (now - lookedAt) / intervalMillis);
        lookedAt = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
