package dev.parley.node.bridge;

import dev.parley.node.message.History;
import dev.parley.node.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The bridge's own tables. Every method runs within a transaction of its caller. */
final class BridgeTable {

    private BridgeTable() {}

    /** Up to where what came is published. The first time: everything until now, which is the operator's own. */
    static long cursor(Tx tx) throws SQLException {
        tx.update("INSERT OR IGNORE INTO bridge_cursor (one, published) SELECT 1, MAX("
                + "COALESCE((SELECT MAX(seq) FROM incoming), 0), COALESCE((SELECT MAX(seq) FROM outgoing), 0),"
                + " COALESCE((SELECT MAX(seq) FROM read_mark), 0))");
        return tx.number("SELECT published FROM bridge_cursor");
    }

    /** @param seq of a {@link History.Entry} */
    static int advance(Tx tx, long seq) throws SQLException {
        return tx.update("UPDATE bridge_cursor SET published = MAX(published, ?)", seq);
    }

    /** No bridge is in use: nothing is kept for it. */
    static int forget(Tx tx) throws SQLException {
        return tx.update("DELETE FROM bridge_cursor");
    }

    /** How many messages are still to be published. */
    static long lag(Tx tx) throws SQLException {
        return tx.number("SELECT COUNT(*) FROM incoming WHERE seq > (SELECT published FROM bridge_cursor)");
    }

    static boolean isTaken(Tx tx, String id) throws SQLException {
        return tx.number("SELECT COUNT(*) FROM bridge_taken WHERE id = ?", id) > 0;
    }

    /** @throws AlreadyTaken if it was before */
    static Optional<Void> taken(Tx tx, String id, Instant now) throws SQLException {
        if (tx.update("INSERT OR IGNORE INTO bridge_taken (id, at) VALUES (?, ?)", id, now) == 0) {
            throw new AlreadyTaken();
        }
        return Optional.empty();
    }

    static int prune(Tx tx, Instant before) throws SQLException {
        return tx.update("DELETE FROM bridge_taken WHERE at < ?", before);
    }

    /** A message of the broker is in the outbox already, or was. */
    static final class AlreadyTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AlreadyTaken() {
            super("taken before", null, false, false);
        }
    }
}
