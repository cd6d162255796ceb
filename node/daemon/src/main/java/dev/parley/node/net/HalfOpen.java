package dev.parley.node.net;

import dev.parley.node.trust.AddressKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/**
 * The inbound handshakes under way, bounded in all and per address. A newcomer beyond a bound takes the place of the oldest
 * handshake of the address that has most (its own, where its own bound is reached), so a flood from one address crowds out
 * only itself. Thread-safe.
 *
 * @param <C> the connection
 */
final class HalfOpen<C> {

    private final int total;
    private final int perAddress;
    private final Map<AddressKey, LinkedHashSet<C>> byAddress = new HashMap<>();
    private int size;

    HalfOpen(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
    }

    /** Adds a newcomer. @return the handshake that has to give way to it, already removed here */
    synchronized Optional<C> add(AddressKey address, C connection) {
        Optional<C> evicted = Optional.empty();
        LinkedHashSet<C> own = byAddress.get(address);
        if (own != null && own.size() >= perAddress) {
            evicted = removeOldest(address);
        } else if (size >= total) {
            evicted = byAddress.entrySet().stream()
                    .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                    .map(Map.Entry::getKey)
                    .flatMap(this::removeOldest);
        }
        byAddress.computeIfAbsent(address, key -> new LinkedHashSet<>()).add(connection);
        size++;
        return evicted;
    }

    /** Forgets a handshake that has ended or become a session; does nothing if it is not there. */
    synchronized void remove(AddressKey address, C connection) {
        LinkedHashSet<C> own = byAddress.get(address);
        if (own != null && own.remove(connection)) {
            size--;
            if (own.isEmpty()) {
                byAddress.remove(address);
            }
        }
    }

    synchronized int size() {
        return size;
    }

    private Optional<C> removeOldest(AddressKey address) {
        C oldest = byAddress.get(address).iterator().next();
        remove(address, oldest);
        return Optional.of(oldest);
    }
}
