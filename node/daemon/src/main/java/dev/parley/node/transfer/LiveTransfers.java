package dev.parley.node.transfer;

import dev.parley.protocol.crypto.PeerId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The transfers that have not ended, and the order in which those wait that are to be sent. Thread-safe. */
final class LiveTransfers {
    private static final Comparator<Outgoing> OLDEST_FIRST = Comparator.comparing((Outgoing each) -> each.createdAt())
            .thenComparing(each -> each.key.id().toString());

    private final Map<UUID, LiveTransfer> byId = new ConcurrentHashMap<>();
    private final Map<PeerId, TreeSet<Outgoing>> waiting = new HashMap<>();
    private final Consumer<PeerId> onWaiting;

    /** @param onWaiting is told of a peer for whom something waits */
    LiveTransfers(Consumer<PeerId> onWaiting) {
        this.onWaiting = onWaiting;
    }

    void add(LiveTransfer transfer) {
        byId.put(transfer.key.id(), transfer);
    }

    void remove(LiveTransfer transfer) {
        byId.remove(transfer.key.id(), transfer);
        if (transfer instanceof Outgoing outgoing) {
            synchronized (waiting) {
                TreeSet<Outgoing> ofPeer = waiting.get(outgoing.key.peer());
                if (ofPeer != null) {
                    ofPeer.remove(outgoing);
                }
            }
        }
    }

    Optional<LiveTransfer> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<LiveTransfer> all() {
        return List.copyOf(byId.values());
    }

    List<LiveTransfer> of(PeerId peer) {
        return byId.values().stream()
                .filter(each -> each.key.peer().equals(peer))
                .toList();
    }

    /** It waits for a session to be offered in. */
    void enqueue(Outgoing transfer) {
        putBack(transfer);
        onWaiting.accept(transfer.key.peer());
    }

    /** The same, where its session shall try again when it has room. */
    void putBack(Outgoing transfer) {
        synchronized (waiting) {
            waiting.computeIfAbsent(transfer.key.peer(), peer -> new TreeSet<>(OLDEST_FIRST))
                    .add(transfer);
        }
    }

    /** Takes the one that is next to be offered to a peer. */
    Optional<Outgoing> dequeue(PeerId peer) {
        synchronized (waiting) {
            TreeSet<Outgoing> ofPeer = waiting.get(peer);
            if (ofPeer == null) {
                return Optional.empty();
            }
            Optional<Outgoing> next = Optional.ofNullable(ofPeer.pollFirst());
            if (ofPeer.isEmpty()) {
                waiting.remove(peer);
            }
            return next;
        }
    }
}
