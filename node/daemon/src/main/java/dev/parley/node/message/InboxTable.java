package dev.parley.node.message;

import dev.parley.node.store.Tx;
import dev.parley.node.store.Vault;
import dev.parley.protocol.crypto.PeerId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The tables of incoming messages. Every method runs within a transaction of its caller. */
final class InboxTable {

    private final Vault vault;

    InboxTable(Vault vault) {
        this.vault = vault;
    }

    /** How much there is of one peer. */
    record Share(PeerId peer, Usage.Amount amount, long unread) {}

    /** @return false: it was known already, and nothing changed */
    boolean insert(Tx tx, IncomingMessage message) throws SQLException {
        byte[] peer = message.from().bytes();
        UUID id = message.record().id();
        if (tx.number("SELECT COUNT(*) FROM seen WHERE peer = ? AND id = ?", peer, id) > 0) {
            return false;
        }
        return tx.update(
                        "INSERT OR IGNORE INTO incoming (seq, peer, id, session, received_at, sent_at, scope,"
                                + " group_name, media_type, size, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        message.seq(),
                        peer,
                        id,
                        message.sessionId(),
                        message.receivedAt(),
                        message.record().sentAt(),
                        message.record().scope().ordinal(),
                        message.record().group(),
                        message.record().mediaType(),
                        (long) message.record().payload().length,
                        vault.seal(place(peer, id), message.record().payload()))
                > 0;
    }

    /** Gives messages of one key to its successor, some of them. @return how many: 0 when there are no more */
    int reseal(Tx tx, PeerId old, PeerId next, int most) throws SQLException {
        record Row(long seq, UUID id, byte[] body) {}
        List<Row> rows = tx.list(
                "SELECT seq, id, body FROM incoming WHERE peer = ? LIMIT ?",
                row -> new Row(row.getLong(1), Tx.uuid(row, "id"), row.getBytes("body")),
                old.bytes(),
                most);
        for (Row row : rows) {
            byte[] body = vault.open(place(old.bytes(), row.id()), row.body());
            int moved = tx.update(
                    "UPDATE OR IGNORE incoming SET peer = ?, body = ? WHERE seq = ?",
                    next.bytes(),
                    vault.seal(place(next.bytes(), row.id()), body),
                    row.seq());
            if (moved == 0) {
                // The successor has this very message already.
                tx.update("DELETE FROM incoming WHERE seq = ?", row.seq());
            }
        }
        return rows.size();
    }

    List<Share> shares(Tx tx) throws SQLException {
        return tx.list(
                "SELECT i.peer, COUNT(*), SUM(i.size), SUM(i.seq > COALESCE(r.seq, 0)) FROM incoming i"
                        + " LEFT JOIN read_mark r ON r.peer = i.peer GROUP BY i.peer",
                row -> new Share(
                        PeerId.of(row.getBytes(1)), new Usage.Amount(row.getLong(2), row.getLong(3)), row.getLong(4)));
    }

    long readMark(Tx tx, PeerId peer) throws SQLException {
        return tx.number("SELECT COALESCE(MAX(seq), 0) FROM read_mark WHERE peer = ?", (Object) peer.bytes());
    }

    /** Marks everything up to {@code seq} as read. @return how many are unread after that */
    long markRead(Tx tx, PeerId peer, long seq) throws SQLException {
        tx.update(
                "INSERT INTO read_mark (peer, seq) VALUES (?, ?)"
                        + " ON CONFLICT (peer) DO UPDATE SET seq = MAX(seq, excluded.seq)",
                peer.bytes(),
                seq);
        return tx.number("SELECT COUNT(*) FROM incoming WHERE peer = ? AND seq > ?", peer.bytes(), readMark(tx, peer));
    }

    byte[] body(PeerId peer, UUID id, byte[] sealed) {
        return vault.open(place(peer.bytes(), id), sealed);
    }

    /** What was deleted of one peer. */
    record Deleted(PeerId peer, long size) {}

    /**
     * Deletes messages that were read and came before {@code olderThan}; repetitions of them are still told from new ones
     * until {@code seenUntil}.
     *
     * @return what was deleted, at most {@code most}
     */
    List<Deleted> prune(Tx tx, Instant olderThan, Instant seenUntil, int most) throws SQLException {
        String which = " FROM incoming i JOIN read_mark r ON r.peer = i.peer"
                + " WHERE i.seq <= r.seq AND i.received_at < ?"
                // What the bridge has still to publish is kept, however old.
                + " AND i.seq <= COALESCE((SELECT published FROM bridge_cursor), i.seq) ORDER BY i.seq LIMIT ?";
        List<Long> seqs = tx.list("SELECT i.seq" + which, row -> row.getLong(1), olderThan, most);
        List<Deleted> deleted = new java.util.ArrayList<>(seqs.size());
        for (long seq : seqs) {
            deleted.add(tx.first(
                            "SELECT peer, size FROM incoming WHERE seq = ?",
                            row -> new Deleted(PeerId.of(row.getBytes(1)), row.getLong(2)),
                            seq)
                    .orElseThrow());
            tx.update(
                    "INSERT OR IGNORE INTO seen (peer, id, until) SELECT peer, id, ? FROM incoming WHERE seq = ?",
                    seenUntil,
                    seq);
            tx.update("DELETE FROM incoming WHERE seq = ?", seq);
        }
        return deleted;
    }

    private static byte[] place(byte[] peer, UUID id) {
        return Vault.place("incoming", peer, Tx.bytes(id));
    }
}
