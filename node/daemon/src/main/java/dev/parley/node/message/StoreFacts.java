package dev.parley.node.message;

import dev.parley.node.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What only the database knows of how much it holds. */
@ApplicationScoped
public class StoreFacts {
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

    /** When the oldest message was taken that still waits to be delivered; empty if none does. */
    public CompletionStage<Optional<Instant>> oldestWaiting() {
        return store.database().read(tx -> {
            long at = tx.number("SELECT COALESCE((SELECT created_at FROM outgoing WHERE seq ="
                    + " (SELECT MIN(seq) FROM delivery WHERE state < 2)), 0)");
            return at == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at));
        });
    }
}
