package dev.parley.node.net;

import dev.parley.node.trust.AddressKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The addresses with a live, trusted session: dials from there are served first. Thread-safe; counts sessions. */
final class TrustedAddresses {

    private final Map<AddressKey, Integer> sessions = new ConcurrentHashMap<>();

    void add(AddressKey address) {
        sessions.merge(address, 1, Integer::sum);
    }

    void remove(AddressKey address) {
        sessions.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(AddressKey address) {
        return sessions.containsKey(address);
    }
}
