package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Messages of both directions, in the order in which they were taken and came. */
@ApplicationScoped
public class History {

    /** Messages that one search looks at before it gives an answer: bodies are sealed, so it opens each. */
    static final int SEARCHED = 20_000;

    private static final int PAGE = 256;

    private final Store store;
    private final Inbox inbox;

    History(Store store, Inbox inbox) {
        this.store = store;
        this.inbox = inbox;
    }

    /**
     * Which messages.
     *
     * @param peer of this peer alone
     * @param group to this group alone
     * @param search with this text, whatever its case, in a body that is UTF-8
     * @param unread only those that came and were not read
     */
    public record Filter(Optional<PeerId> peer, Optional<String> group, Optional<String> search, boolean unread) {}

    /** A message of either direction: one that came has no delivery. */
    public record Entry(
            long seq,
            UUID id,
            PeerId peer,
            Instant at,
            Instant sentAt,
            Record.Scope scope,
            String group,
            String mediaType,
            byte[] body,
            boolean unread,
            Optional<Delivery> delivery) {
        /** Says nothing of the content. */
        @Override
        public String toString() {
            return "Entry[" + seq + "]";
        }
    }

    /**
     * @param entries oldest first
     * @param olderThan where the older ones begin; empty where there are none
     * @param incomplete whether the search gave up before it had looked at all that is older
     */
    public record Page(List<Entry> entries, Optional<Long> olderThan, boolean incomplete) {}

    /** The newest {@code most} before {@code before}. */
    public CompletionStage<Page> before(Filter filter, long before, int most) {
        return store.database().read(tx -> {
            List<Entry> found = new ArrayList<>();
            long from = before;
            int looked = 0;
            while (found.size() < most && looked < SEARCHED) {
                int limit = filter.search().isPresent()
                                || filter.unread()
                                || filter.group().isPresent()
                        ? PAGE
                        : most - found.size();
                List<Entry> page = page(tx, filter.peer(), from, Long.MIN_VALUE, limit, true);
                for (Entry each : page) {
                    from = each.seq();
                    looked++;
                    if (matches(each, filter)) {
                        found.add(each);
                        if (found.size() == most) {
                            break;
                        }
                    }
                }
                if (page.size() < limit) {
                    return new Page(found.reversed(), older(tx, filter, found, from), false);
                }
            }
            boolean full = found.size() == most;
            return new Page(found.reversed(), older(tx, filter, found, from), !full);
        });
    }

    /** The oldest {@code most} after {@code after}. */
    public CompletionStage<Page> after(Filter filter, long after, int most) {
        return store.database().read(tx -> {
            List<Entry> found = new ArrayList<>();
            long from = after;
            List<Entry> page;
            do {
                page = page(tx, filter.peer(), Long.MAX_VALUE, from, PAGE, false);
                for (Entry each : page) {
                    from = each.seq();
                    if (found.size() < most && matches(each, filter)) {
                        found.add(each);
                    }
                }
            } while (page.size() == PAGE && found.size() < most);
            return new Page(found, Optional.empty(), false);
        });
    }

    /** The oldest {@code most} of those that came after {@code after}, of whatever peer. */
    public CompletionStage<List<Entry>> received(long after, int most) {
        var in = new InboxTable(store.vault());
        return store.database()
                .read(tx ->
                        tx.list(incoming(false, false), row -> incoming(row, in), null, Long.MAX_VALUE, after, most));
    }

    /** Marks what came up to {@code seq} as read. @return completes with how many were unread until now */
    public CompletionStage<Long> markRead(PeerId peer, long seq) {
        return inbox.markRead(peer, seq);
    }

    public long unread(PeerId peer) {
        return inbox.unread(peer);
    }

    /** The peers of which there are unread messages, forgotten ones among them. */
    public Map<PeerId, Long> unreadByPeer() {
        return inbox.unreadByPeer();
    }

    public long unreadInAll() {
        return inbox.unreadInAll();
    }

    /** What is kept of messages that came. */
    public Usage received() {
        return inbox.kept();
    }

    private static Optional<Long> older(Tx tx, Filter filter, List<Entry> found, long from) throws SQLException {
        if (found.isEmpty() && from == Long.MAX_VALUE) {
            return Optional.empty();
        }
        byte[] peer = filter.peer().map(PeerId::bytes).orElse(null);
        boolean more = tx.number(
                        "SELECT EXISTS (SELECT 1 FROM incoming WHERE (?1 IS NULL OR peer = ?1) AND seq < ?2)"
                                + " OR EXISTS (SELECT 1 FROM delivery WHERE (?1 IS NULL OR peer = ?1) AND seq < ?2)",
                        peer,
                        from)
                != 0;
        return more ? Optional.of(from) : Optional.empty();
    }

    private static boolean matches(Entry entry, Filter filter) {
        if (filter.unread() && !entry.unread()
                || filter.group().isPresent() && !filter.group().get().equals(entry.group())) {
            return false;
        }
        // Text that is no UTF-8 has replacement characters in it, and is searched all the same.
        return filter.search().isEmpty()
                || new String(entry.body(), StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT)
                        .contains(filter.search().get().toLowerCase(Locale.ROOT));
    }

    /** Messages with {@code after < seq < before}. @param newest whether the newest of them, newest first; else the oldest */
    private List<Entry> page(Tx tx, Optional<PeerId> peer, long before, long after, int most, boolean newest)
            throws SQLException {
        List<Entry> both = new ArrayList<>();
        byte[] of = peer.map(PeerId::bytes).orElse(null);
        var in = new InboxTable(store.vault());
        var out = new OutboxTable(store.vault());
        both.addAll(tx.list(incoming(peer.isPresent(), newest), row -> incoming(row, in), of, before, after, most));
        both.addAll(tx.list(outgoing(peer.isPresent(), newest), row -> outgoing(row, out), of, before, after, most));
        Comparator<Entry> order = Comparator.comparingLong(Entry::seq);
        both.sort(newest ? order.reversed() : order);
        // Deliveries of one message have one place: they stay on one page.
        int end = Math.min(most, both.size());
        while (end > 0
                && end < both.size()
                && both.get(end).seq() == both.get(end - 1).seq()) {
            end++;
        }
        return both.subList(0, end);
    }

    private static String incoming(boolean ofPeer, boolean newest) {
        return "SELECT i.*, i.seq > COALESCE(r.seq, 0) AS unread FROM incoming i LEFT JOIN read_mark r ON r.peer = i.peer"
                + " WHERE " + (ofPeer ? "i.peer = ?1" : "?1 IS NULL") + " AND i.seq < ?2 AND i.seq > ?3 ORDER BY i.seq "
                + (newest ? "DESC" : "ASC") + " LIMIT ?4";
    }

    private static String outgoing(boolean ofPeer, boolean newest) {
        return "SELECT o.seq AS seq, o.id AS id, o.created_at, o.scope AS scope, o.group_name, o.media_type, o.body,"
                + " d.peer AS peer, d.state AS state, d.sent_at AS sent_at, d.ended_at, d.session AS session,"
                + " d.epoch AS epoch, d.n AS n, d.reason AS reason"
                + (ofPeer
                        ? " FROM delivery d JOIN outgoing o ON o.seq = d.seq WHERE d.peer = ?1 AND d.seq < ?2 AND d.seq > ?3"
                                + " ORDER BY d.seq "
                        : " FROM outgoing o JOIN delivery d ON o.seq = d.seq WHERE ?1 IS NULL AND o.seq < ?2 AND o.seq > ?3"
                                + " ORDER BY o.seq ")
                + (newest ? "DESC" : "ASC") + " LIMIT ?4";
    }

    private static Entry incoming(ResultSet row, InboxTable table) throws SQLException {
        PeerId peer = PeerId.of(row.getBytes("peer"));
        UUID id = Tx.uuid(row, "id");
        return new Entry(
                row.getLong("seq"),
                id,
                peer,
                Tx.instant(row, "received_at"),
                Tx.instant(row, "sent_at"),
                OutboxTable.scope(row),
                row.getString("group_name"),
                row.getString("media_type"),
                table.body(peer, id, row.getBytes("body")),
                row.getInt("unread") != 0,
                Optional.empty());
    }

    private static Entry outgoing(ResultSet row, OutboxTable table) throws SQLException {
        UUID id = Tx.uuid(row, "id");
        Instant createdAt = Tx.instant(row, "created_at");
        return new Entry(
                row.getLong("seq"),
                id,
                PeerId.of(row.getBytes("peer")),
                createdAt,
                createdAt,
                OutboxTable.scope(row),
                row.getString("group_name"),
                row.getString("media_type"),
                table.body(id, row.getBytes("body")),
                false,
                Optional.of(OutboxTable.delivery(row, createdAt)));
    }
}
