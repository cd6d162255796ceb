package dev.parley.node.message;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.OutboxTable.Batch;
import dev.parley.node.message.OutboxTable.Due;
import dev.parley.node.store.Database;
import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.node.trace.TraceContext;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** What this node sends, durable from {@link #add} to its end and beyond. Knows nothing of sessions. Thread-safe. */
@ApplicationScoped
class Outbox {

    private final Store store;
    private final HistoryOrder order;
    private final Usage waiting;
    private final AtomicLongArray byState = new AtomicLongArray(DeliveryState.values().length);
    /** The peers whose keys have a successor. */
    private final Map<PeerId, PeerId> heirs = new ConcurrentHashMap<>();

    private OutboxTable table;
    private Database database;

    Outbox(Store store, HistoryOrder order, ParleyConfig config) {
        this.store = store;
        this.order = order;
        ParleyConfig.Outbox most = config.store().outbox();
        waiting = new Usage(
                new Usage.Amount(most.messages(), most.bytes().asLongValue()),
                new Usage.Amount(most.messagesPerPeer(), most.bytesPerPeer().asLongValue()));
    }

    /** Once the store is open. Blocks. */
    void load() {
        database = store.database();
        table = new OutboxTable(store.vault());
        Store.await(database.read(tx -> {
            tx.list("SELECT state, COUNT(*) FROM delivery GROUP BY state", row -> {
                byState.set(row.getInt(1), row.getLong(2));
                return null;
            });
            tx.list(
                    "SELECT d.peer, COUNT(*), SUM(o.size) FROM delivery d JOIN outgoing o ON o.seq = d.seq"
                            + " WHERE d.state < 2 GROUP BY d.peer",
                    row -> {
                        waiting.load(PeerId.of(row.getBytes(1)), new Usage.Amount(row.getLong(2), row.getLong(3)));
                        return null;
                    });
            return null;
        }));
    }

    /**
     * Keeps a message for all its peers, or for none. Calls that come one after the other are committed in that order.
     *
     * @param trace its place in its trace, where it is traced
     * @param along committed with it
     * @return completes once it is durable
     * @throws QuotaException if as much waits as may
     * @throws NoRoom if the disk has no room
     */
    CompletableFuture<OutgoingMessage> add(
            Record.Message record, Draft draft, Instant now, Optional<TraceContext> trace, Database.Work<?> along) {
        if (!store.hasRoom()) {
            throw new NoRoom();
        }
        List<PeerId> wanted = draft.wanted();
        int size = record.payload().length;
        waiting.take(wanted, size).ifPresent(full -> {
            throw new QuotaException(full + " wait to be delivered already");
        });
        return database.write(tx -> {
                    along.run(tx);
                    return insert(tx, record, draft, now, trace);
                })
                .whenComplete((message, failure) -> {
                    if (failure == null) {
                        byState.addAndGet(DeliveryState.QUEUED.ordinal(), wanted.size());
                        byState.addAndGet(
                                DeliveryState.REFUSED.ordinal(), draft.to().size() - wanted.size());
                    } else {
                        wanted.forEach(peer -> waiting.release(peer, 1, size));
                    }
                });
    }

    /** What waits for a peer after {@code after}, in order. */
    CompletableFuture<Batch> waiting(PeerId peer, long after, int most, long mostBytes) {
        return database.read(tx -> table.waiting(tx, peer, after, most, mostBytes));
    }

    /** @return completes with whether that was news */
    CompletionStage<Boolean> sent(PeerId peer, long seq, Delivery.Attempt attempt) {
        // Should the node die over it, the message is sent again, and the peer says that it has it.
        return database.writeLazily(tx -> table.sent(tx, peer, seq, attempt)).thenApply(before -> {
            if (before.equals(Optional.of(DeliveryState.QUEUED))) {
                move(DeliveryState.QUEUED, DeliveryState.SENT);
            }
            return before.isPresent();
        });
    }

    /** Ends a delivery. @param size of the message. @return completes with whether it had not ended before */
    CompletableFuture<Boolean> settle(
            PeerId peer, long seq, long size, DeliveryState state, Optional<String> reason, Instant now) {
        return database.write(tx -> table.settle(tx, peer, seq, state, reason, now))
                .thenApply(before -> {
                    before.ifPresent(old -> {
                        move(old, state);
                        waiting.release(peer, 1, size);
                    });
                    return before.isPresent();
                });
    }

    CompletableFuture<List<Due>> due(Instant now, int most) {
        return database.read(tx -> table.due(tx, now, most));
    }

    CompletableFuture<List<Due>> tooOld(Instant createdBefore, int most) {
        return database.read(tx -> table.tooOld(tx, createdBefore, most));
    }

    CompletableFuture<List<Due>> allFor(PeerId peer) {
        return database.read(tx -> table.allFor(tx, peer));
    }

    CompletableFuture<Optional<SentMessage>> byId(UUID id) {
        return database.read(tx -> table.byId(tx, id));
    }

    CompletableFuture<List<SentMessage>> newest(
            Optional<PeerId> peer, Optional<DeliveryState> state, Instant since, int most) {
        return database.read(tx -> table.newest(tx, peer, state, since, most));
    }

    /** Whoever means one peer means another from now on; what waits for it is about to be moved. */
    void moving(PeerId old, PeerId next) {
        heirs.put(old, next);
    }

    /** What waited for one peer waits for another now. */
    void moved(PeerId old, PeerId next) {
        waiting.move(old, next);
    }

    Usage waiting() {
        return waiting;
    }

    /** How many deliveries are in a state. */
    long count(DeliveryState state) {
        return byState.get(state.ordinal());
    }

    long[] counts() {
        long[] counts = new long[byState.length()];
        Arrays.setAll(counts, byState::get);
        return counts;
    }

    void forgotten(DeliveryState state, long deliveries) {
        byState.addAndGet(state.ordinal(), -deliveries);
    }

    private OutgoingMessage insert(Tx tx, Record.Message record, Draft draft, Instant now, Optional<TraceContext> trace)
            throws SQLException {
        var message = new OutgoingMessage(order.next(tx), record, now, now.plus(draft.life()), trace);
        table.insert(tx, message);
        boolean expires = draft.life().compareTo(Messages.LONGEST_LIFE) < 0;
        for (var each : draft.to().entrySet()) {
            if (each.getValue().isEmpty()) {
                table.insertDelivery(tx, message, heirs.getOrDefault(each.getKey(), each.getKey()), expires);
            } else {
                table.insertRefused(tx, message, each.getKey(), each.getValue().get());
            }
        }
        return message;
    }

    private void move(DeliveryState from, DeliveryState to) {
        byState.decrementAndGet(from.ordinal());
        byState.incrementAndGet(to.ordinal());
    }
}
