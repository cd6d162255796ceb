package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An outbox in memory: at most {@value #WAITING_MESSAGES} messages or {@value #WAITING_BYTES} bytes wait for one peer, and the
 * last {@value #SETTLED_KEPT} settled messages can be looked up, the older ones are forgotten.
 */
@ApplicationScoped
public class MemoryOutbox implements Outbox {

    static final int WAITING_MESSAGES = 10_000;
    static final long WAITING_BYTES = 64L << 20;
    static final int SETTLED_KEPT = 10_000;

    /** Ids of one node increase with time, compared as the unsigned numbers that they are on the wire. */
    private final TreeMap<UUID, OutgoingMessage> all = new TreeMap<>(MessageIds.ORDER);

    private final Map<PeerId, Waiting> waiting = new HashMap<>();
    private int settled;

    @Override
    public synchronized void add(OutgoingMessage message) {
        for (Delivery delivery : message.deliveries()) {
            Waiting peer = waiting.getOrDefault(delivery.peer(), new Waiting());
            if (peer.messages.size() >= WAITING_MESSAGES || peer.bytes + message.size() > WAITING_BYTES) {
                throw new OutboxFullException("%d messages, %d bytes, wait for %s already"
                        .formatted(peer.messages.size(), peer.bytes, delivery.peer()));
            }
        }
        all.put(message.id(), message);
        for (Delivery delivery : message.deliveries()) {
            waiting.computeIfAbsent(delivery.peer(), key -> new Waiting()).add(message);
        }
    }

    @Override
    public synchronized List<OutgoingMessage> unsettled(PeerId peer) {
        Waiting of = waiting.get(peer);
        return of == null ? List.of() : List.copyOf(of.messages.values());
    }

    @Override
    public synchronized void settled(OutgoingMessage message, PeerId peer) {
        Waiting of = waiting.get(peer);
        if (of != null && of.remove(message) && of.messages.isEmpty()) {
            waiting.remove(peer);
        }
        if (message.isSettled()) {
            settled++;
            forgetOldest();
        }
    }

    @Override
    public synchronized Optional<OutgoingMessage> get(UUID id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public synchronized List<OutgoingMessage> newest(int limit) {
        List<OutgoingMessage> newest = new ArrayList<>(Math.min(limit, all.size()));
        for (OutgoingMessage each : all.descendingMap().values()) {
            if (newest.size() == limit) {
                break;
            }
            newest.add(each);
        }
        return newest;
    }

    private void forgetOldest() {
        var each = all.values().iterator();
        while (settled > SETTLED_KEPT && each.hasNext()) {
            if (each.next().isSettled()) {
                each.remove();
                settled--;
            }
        }
    }

    private static final class Waiting {
        private final TreeMap<UUID, OutgoingMessage> messages = new TreeMap<>(MessageIds.ORDER);
        private long bytes;

        void add(OutgoingMessage message) {
            if (messages.put(message.id(), message) == null) {
                bytes += message.size();
            }
        }

        boolean remove(OutgoingMessage message) {
            if (messages.remove(message.id()) == null) {
                return false;
            }
            bytes -= message.size();
            return true;
        }
    }
}
