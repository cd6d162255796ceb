package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** One message that this node sends: its content, held once however many it goes to, and a {@link Delivery} for each peer. */
public final class OutgoingMessage {

    private final Record.Message record;
    private final Instant createdAt;
    private final Map<PeerId, Delivery> deliveries = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    OutgoingMessage(Record.Message record, Collection<PeerId> to, Instant createdAt) {
        this.record = record;
        this.createdAt = createdAt;
        to.forEach(peer -> deliveries.put(peer, Delivery.queued(peer, createdAt)));
    }

    public UUID id() {
        return record.id();
    }

    /** What goes over the wire. */
    public Record.Message record() {
        return record;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** Length of the content in bytes. */
    public int size() {
        return record.payload().length;
    }

    public List<Delivery> deliveries() {
        return deliveries.values().stream()
                .sorted((a, b) -> a.peer().compareTo(b.peer()))
                .toList();
    }

    public Optional<Delivery> delivery(PeerId peer) {
        return Optional.ofNullable(deliveries.get(peer));
    }

    public boolean isSettled() {
        return settled.isDone();
    }

    /** Completes, never exceptionally, when every delivery was written to a session or has ended. */
    public CompletionStage<Void> written() {
        return written.minimalCompletionStage();
    }

    /** Completes, never exceptionally, when every delivery is in its final state. */
    public CompletionStage<Void> settled() {
        return settled.minimalCompletionStage();
    }

    /** Moves one delivery on; a final state stays. @return the new value, or empty if nothing changed */
    Optional<Delivery> advance(PeerId peer, UnaryOperator<Delivery> step) {
        Delivery[] changed = new Delivery[1];
        deliveries.computeIfPresent(peer, (key, old) -> {
            if (old.state().isFinal()) {
                return old;
            }
            changed[0] = step.apply(old);
            return changed[0];
        });
        if (changed[0] != null) {
            if (deliveries.values().stream().noneMatch(each -> each.state() == DeliveryState.QUEUED)) {
                written.complete(null);
            }
            if (deliveries.values().stream().allMatch(each -> each.state().isFinal())) {
                settled.complete(null);
            }
        }
        return Optional.ofNullable(changed[0]);
    }
}
