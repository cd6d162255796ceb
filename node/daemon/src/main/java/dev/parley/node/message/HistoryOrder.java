package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Numbers all messages, in and out, in the order of their commits: who has seen a message has seen all with lower numbers.
 * Numbers may be left out, none comes twice.
 */
@ApplicationScoped
class HistoryOrder {
    /** Confined to the store's writer. */
    private long last;

    /** Once the store is open. Blocks. */
    void load(Store store) {
        Store.await(store.database().write(tx -> {
            last = tx.number("SELECT MAX(COALESCE((SELECT MAX(seq) FROM outgoing), 0),"
                    + " COALESCE((SELECT MAX(seq) FROM incoming), 0),"
                    + " COALESCE((SELECT MAX(seq) FROM read_mark), 0),"
                    // A number below would never be published.
                    + " COALESCE((SELECT published FROM bridge_cursor), 0))");
            return null;
        }));
    }

    /** @param writing the transaction that the message belongs to */
    long next(Tx writing) {
        return ++last;
    }
}
