package dev.parley.node.net;

import dev.parley.node.session.Ticks;
import dev.parley.node.trust.AddressKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses with a live, trusted session: dials from there are served first. For a while after the last one has ended an
 * address is still known, so that who shares it with an attacker can come back. Thread-safe; counts sessions.
 */
final class TrustedAddresses {

    static final Duration KNOWN_AFTER = Duration.ofMinutes(10);
    private static final int KNOWN_AT_MOST = 4_096;

    private final Map<AddressKey, Integer> sessions = new ConcurrentHashMap<>();
    // Guarded by itself.
    private final LinkedHashMap<AddressKey, Long> endedAt = new LinkedHashMap<>();

    void add(AddressKey address) {
        sessions.merge(address, 1, Integer::sum);
    }

    void remove(AddressKey address) {
        synchronized (endedAt) {
            endedAt.remove(address);
            endedAt.put(address, Ticks.now());
            if (endedAt.size() > KNOWN_AT_MOST) {
                endedAt.pollFirstEntry();
            }
        }
        sessions.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(AddressKey address) {
        return sessions.containsKey(address);
    }

    /** Whether there is one, or was one a short while ago. */
    boolean knows(AddressKey address) {
        if (contains(address)) {
            return true;
        }
        synchronized (endedAt) {
            Long ended = endedAt.get(address);
            return ended != null && Ticks.now() - ended < KNOWN_AFTER.toMillis();
        }
    }
}
