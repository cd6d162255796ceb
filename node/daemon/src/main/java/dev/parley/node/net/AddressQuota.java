package dev.parley.node.net;

import dev.parley.node.trust.AddressKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket an address: {@code perSecond} units flow in each second, {@code burst} fit. Thread-safe. At most
 * {@value #ADDRESSES_AT_MOST} addresses are remembered; the one asked about longest ago is forgotten first, which costs an
 * attacker with so many addresses more than a fresh bucket gives.
 */
final class AddressQuota {

    static final int ADDRESSES_AT_MOST = 65_536;

    private final double perMillisecond;
    private final double burst;
    private final Map<AddressKey, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressKey, Bucket> eldest) {
            return size() > ADDRESSES_AT_MOST;
        }
    };

    AddressQuota(int perSecond, int burst) {
        this.perMillisecond = perSecond / 1000.0;
        this.burst = burst;
    }

    /** Takes one unit. @param now milliseconds of a monotonic clock. @return false: the address is over its quota */
    synchronized boolean take(AddressKey address, long now) {
        Bucket bucket = buckets.computeIfAbsent(address, key -> new Bucket(burst, now));
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) * perMillisecond);
        bucket.filledAt = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens -= 1;
        return true;
    }

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }
}
