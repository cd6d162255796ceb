package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What only the database knows of how much it holds. */
@ApplicationScoped
public class StoreFacts {
    /** Places in the history that are looked at for {@link #shortestWays}. */
    private static final int LATEST = 10_000;

    private final Store store;

    StoreFacts(Store store) {
        this.store = store;
    }

    /**
     * @param reclaimable bytes of the file that hold nothing any more
     * @param ended messages that were sent and wait for nobody
     * @param oldest when the oldest of all came or was sent
     */
    public record Sizes(long reclaimable, Usage.Amount ended, Optional<Instant> oldest) {}

    /**
     * How the outbox does.
     *
     * @param taken deliveries that were taken since, @param ended those that have ended since, whenever they were taken
     */
    public record Flow(long taken, long ended) {}

    public CompletionStage<Flow> flow(Instant since) {
        return store.database()
                .read(tx -> new Flow(
                        tx.number(
                                "SELECT COUNT(*) FROM delivery d JOIN outgoing o ON o.seq = d.seq WHERE o.created_at >= ?",
                                since),
                        tx.number("SELECT COUNT(*) FROM delivery WHERE ended_at >= ?", since)));
    }

    /** When the message was taken that waits longest for a peer; empty where none waits. */
    public CompletionStage<Optional<Instant>> oldestWaiting() {
        return store.database()
                .read(tx -> tx.first(
                        "SELECT created_at FROM outgoing WHERE seq = (SELECT MIN(seq) FROM delivery WHERE state < 2)",
                        row -> Instant.ofEpochMilli(row.getLong(1))));
    }

    /**
     * Of each peer, the least time that one of its latest messages was on its way, by its clock at the one end and ours at the
     * other: what is negative is for certain that peer's clock, or ours.
     */
    public CompletionStage<Map<PeerId, Duration>> shortestWays(Instant since) {
        return store.database().read(tx -> {
            Map<PeerId, Duration> ways = new HashMap<>();
            tx.list(
                    "SELECT peer, MIN(received_at - sent_at) AS way FROM incoming"
                            + " WHERE seq > (SELECT MAX(seq) FROM incoming) - ? AND received_at >= ? GROUP BY peer",
                    row -> ways.put(PeerId.of(row.getBytes("peer")), Duration.ofMillis(row.getLong("way"))),
                    LATEST,
                    since);
            return ways;
        });
    }

    public CompletionStage<Sizes> sizes() {
        return store.database().read(tx -> {
            String ended =
                    " FROM outgoing o WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.seq = o.seq AND d.state < 2)";
            long oldest = tx.number("SELECT MIN(t) FROM (SELECT MIN(received_at) AS t FROM incoming"
                    + " UNION ALL SELECT MIN(created_at) FROM outgoing)");
            return new Sizes(
                    tx.number("PRAGMA freelist_count") * tx.number("PRAGMA page_size"),
                    new Usage.Amount(
                            tx.number("SELECT COUNT(*)" + ended), tx.number("SELECT COALESCE(SUM(size), 0)" + ended)),
                    oldest == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(oldest)));
        });
    }
}
