package dev.parley.node.message;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.store.Database;
import dev.parley.node.store.Store;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What has come in, and what of it the operator has read. Thread-safe. */
@ApplicationScoped
class Inbox {

    /** What became of a message that came. */
    enum Taken {
        NEW,
        KNOWN,
        NO_ROOM
    }

    /** @param message as it is kept, where it is new */
    record Result(Taken taken, Optional<IncomingMessage> message) {}

    private final Store store;
    private final HistoryOrder order;
    private final Usage kept;
    private final Map<PeerId, Long> unread = new ConcurrentHashMap<>();
    private InboxTable table;
    private Database database;

    Inbox(Store store, HistoryOrder order, ParleyConfig config) {
        this.store = store;
        this.order = order;
        ParleyConfig.Inbox most = config.store().inbox();
        kept = new Usage(
                new Usage.Amount(most.messages(), most.bytes().asLongValue()),
                new Usage.Amount(most.messagesPerPeer(), most.bytesPerPeer().asLongValue()));
    }

    /** Once the store is open. Blocks. */
    void load() {
        database = store.database();
        table = new InboxTable(store.vault());
        Store.await(database.read(table::shares)).forEach(share -> {
            kept.load(share.peer(), share.amount());
            if (share.unread() > 0) {
                unread.put(share.peer(), share.unread());
            }
        });
    }

    /**
     * Keeps a message.
     *
     * @return completes once that is durable, or it is clear that it cannot be; never exceptionally
     */
    CompletableFuture<Result> add(PeerId from, UUID session, Instant now, Record.Message record) {
        int size = record.payload().length;
        if (!store.hasRoom() || kept.take(List.of(from), size).isPresent()) {
            return CompletableFuture.completedFuture(new Result(Taken.NO_ROOM, Optional.empty()));
        }
        return database.write(tx -> {
                    var message = new IncomingMessage(order.next(tx), from, session, now, record);
                    return table.insert(tx, message) ? Optional.of(message) : Optional.<IncomingMessage>empty();
                })
                .handle((added, failure) -> {
                    if (failure == null && added.isPresent()) {
                        unread.merge(from, 1L, Long::sum);
                        return new Result(Taken.NEW, added);
                    }
                    kept.release(from, 1, size);
                    return new Result(failure == null ? Taken.KNOWN : Taken.NO_ROOM, Optional.empty());
                });
    }

    /** Marks what came up to {@code seq} as read. @return completes with how many of the peer's were unread until now */
    CompletableFuture<Long> markRead(PeerId peer, long seq) {
        return database.write(tx -> table.markRead(tx, peer, seq)).thenApply(left -> {
            Long before = left > 0 ? unread.put(peer, left) : unread.remove(peer);
            return Math.max(0, Optional.ofNullable(before).orElse(0L) - left);
        });
    }

    /** What came from one peer is another's now. */
    void moved(PeerId old, PeerId next) {
        kept.move(old, next);
        Long count = unread.remove(old);
        if (count != null) {
            unread.merge(next, count, Long::sum);
        }
    }

    /** How many messages of a peer were not read yet. */
    long unread(PeerId peer) {
        return unread.getOrDefault(peer, 0L);
    }

    Map<PeerId, Long> unreadByPeer() {
        return Map.copyOf(unread);
    }

    long unreadInAll() {
        return unread.values().stream().mapToLong(Long::longValue).sum();
    }

    Usage kept() {
        return kept;
    }
}
