package dev.parley.node.message;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.StoreEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.OutboxTable.Due;
import dev.parley.node.store.Database;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.node.trust.KnownPeers;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** Ends deliveries whose time is over, and deletes what is old. */
@ApplicationScoped
public class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    private static final long EXPIRY_MILLIS = 500;
    private static final long PRUNE_MILLIS = Duration.ofHours(1).toMillis();
    private static final int AT_ONCE = 500;
    /** How long a deleted message is told from a new one (PSP/1 section 5). */
    private static final Duration SEEN = Duration.ofDays(90);

    private final Vertx vertx;
    private final Store store;
    private final Outbox outbox;
    private final Inbox inbox;
    private final HistoryOrder order;
    private final Messages messages;
    private final AuditLog audit;
    private final KnownPeers peers;
    private final ParleyConfig.Store config;
    private long expiryTimer;
    private long pruneTimer;
    private boolean expiring;

    Retention(
            Vertx vertx,
            Store store,
            Outbox outbox,
            Inbox inbox,
            HistoryOrder order,
            Messages messages,
            AuditLog audit,
            KnownPeers peers,
            ParleyConfig config) {
        this.vertx = vertx;
        this.store = store;
        this.outbox = outbox;
        this.inbox = inbox;
        this.order = order;
        this.messages = messages;
        this.audit = audit;
        this.peers = peers;
        this.config = config.store();
    }

    /** What was deleted. */
    public record Pruned(long sent, long received) {}

    /** Once the store is open: takes stock of it, and looks after it from now on. Blocks. */
    public void start() {
        order.load(store);
        Successions.catchUp(store, peers);
        outbox.load();
        inbox.load();
        expiryTimer = vertx.setPeriodic(EXPIRY_MILLIS, ignored -> expire());
        pruneTimer = vertx.setPeriodic(PRUNE_MILLIS, ignored -> vertx.executeBlocking(this::pruneOld, false));
    }

    public void stop() {
        vertx.cancelTimer(expiryTimer);
        vertx.cancelTimer(pruneTimer);
    }

    /** Deletes what was read or has ended and is older than {@code age}. Blocks. */
    public Pruned prune(Duration age) {
        Instant olderThan = Instant.now().minus(age);
        long received = pruneIncoming(olderThan);
        long sent = pruneOutgoing(olderThan);
        if (sent + received > 0) {
            audit.record(new StoreEvent.StorePruned(sent, received));
        }
        return new Pruned(sent, received);
    }

    private Pruned pruneOld() {
        try {
            outbox.tooOld(Instant.now().minus(Messages.LONGEST_LIFE), AT_ONCE)
                    .thenAccept(this::end)
                    .join();
            Store.await(store.database().write(tx -> tx.update("DELETE FROM seen WHERE until < ?", Instant.now())));
            return prune(config.keep());
        } catch (StoreException e) {
            LOG.warnf("old messages are not deleted: %s", e.getMessage());
            return new Pruned(0, 0);
        }
    }

    private synchronized void expire() {
        if (expiring) {
            return;
        }
        expiring = true;
        outbox.due(Instant.now(), AT_ONCE).whenComplete((due, failure) -> {
            if (failure == null) {
                end(due);
            }
            synchronized (this) {
                expiring = false;
            }
        });
    }

    private void end(List<Due> due) {
        due.forEach(messages::expire);
    }

    private long pruneIncoming(Instant olderThan) {
        InboxTable table = new InboxTable(store.vault());
        Instant seenUntil = Instant.now().plus(SEEN);
        long all = 0;
        List<InboxTable.Deleted> deleted;
        do {
            // In pieces: nobody who writes waits long.
            deleted = Store.await(store.database().write(tx -> table.prune(tx, olderThan, seenUntil, AT_ONCE)));
            deleted.forEach(each -> inbox.kept().release(each.peer(), 1, each.size()));
            all += deleted.size();
        } while (deleted.size() == AT_ONCE);
        return all;
    }

    private long pruneOutgoing(Instant olderThan) {
        Database database = store.database();
        long all = 0;
        List<DeliveryState> ended;
        long after = 0;
        do {
            long from = after;
            List<Long> seqs = Store.await(database.read(tx -> tx.list(
                    "SELECT o.seq FROM outgoing o WHERE o.seq > ? AND o.created_at < ? AND NOT EXISTS"
                            + " (SELECT 1 FROM delivery d WHERE d.seq = o.seq AND d.state < 2) ORDER BY o.seq LIMIT ?",
                    row -> row.getLong(1),
                    from,
                    olderThan,
                    AT_ONCE)));
            if (seqs.isEmpty()) {
                return all;
            }
            CompletableFuture<List<DeliveryState>> done = database.write(tx -> {
                List<DeliveryState> states = new java.util.ArrayList<>();
                for (long seq : seqs) {
                    states.addAll(tx.list(
                            "SELECT state FROM delivery WHERE seq = ?", row -> DeliveryState.at(row.getInt(1)), seq));
                    tx.update("DELETE FROM earlier_attempt WHERE seq = ?", seq);
                    tx.update("DELETE FROM delivery WHERE seq = ?", seq);
                    tx.update("DELETE FROM outgoing WHERE seq = ?", seq);
                }
                return states;
            });
            ended = Store.await(done);
            ended.forEach(state -> outbox.forgotten(state, 1));
            all += seqs.size();
            after = seqs.getLast();
        } while (true);
    }
}
