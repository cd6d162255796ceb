package dev.parley.node.message;

import dev.parley.node.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers all messages, in and out, in the order of the history. Numbers may be left out, none comes twice. */
@ApplicationScoped
class HistoryOrder {
    private final AtomicLong last = new AtomicLong();

    /** Once the store is open. Blocks. */
    void load(Store store) {
        last.set(Store.await(store.database()
                .read(tx -> tx.number("SELECT MAX(COALESCE((SELECT MAX(seq) FROM outgoing), 0),"
                        + " COALESCE((SELECT MAX(seq) FROM incoming), 0))"))));
    }

    long next() {
        return last.incrementAndGet();
    }
}
