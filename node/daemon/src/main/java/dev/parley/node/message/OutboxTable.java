package dev.parley.node.message;

import dev.parley.node.store.Tx;
import dev.parley.node.store.Vault;
import dev.parley.node.trace.TraceContext;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The tables of outgoing messages. Every method runs within a transaction of its caller. */
final class OutboxTable {

    private static final Record.Scope[] SCOPES = Record.Scope.values();
    private static final String MESSAGE_COLUMNS =
            "o.seq, o.id, o.scope, o.group_name, o.media_type, o.size, o.created_at, o.expires_at";
    private static final String WAITING = "SELECT " + MESSAGE_COLUMNS
            + ", o.body, o.trace, d.state FROM delivery d JOIN outgoing o ON o.seq = d.seq"
            + " WHERE d.peer = ? AND d.seq > ? AND d.state < 2 ORDER BY d.seq LIMIT ?";
    private static final String DELIVERIES =
            "SELECT peer, state, sent_at, ended_at, session, epoch, n, reason FROM delivery WHERE seq = ?";

    private final Vault vault;

    OutboxTable(Vault vault) {
        this.vault = vault;
    }

    /** A message that waits, and whether it was written to a session before. */
    record Waiting(OutgoingMessage message, boolean sentBefore) {}

    /** What waits, in order, and whether there may be more. */
    record Batch(List<Waiting> messages, boolean more) {}

    /** A delivery that is to end. */
    record Due(PeerId peer, long seq, UUID id, long size) {}

    void insert(Tx tx, OutgoingMessage message) throws SQLException {
        Record.Message record = message.record();
        tx.update(
                "INSERT INTO outgoing (seq, id, created_at, expires_at, scope, group_name, media_type, size, body, trace)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                message.seq(),
                record.id(),
                message.createdAt(),
                message.expiresAt(),
                record.scope().ordinal(),
                record.group(),
                record.mediaType(),
                message.size(),
                vault.seal(place(record.id()), record.payload()),
                message.trace().map(TraceContext::bytes).orElse(null));
    }

    void insertDelivery(Tx tx, OutgoingMessage message, PeerId peer, boolean expires) throws SQLException {
        tx.update(
                "INSERT INTO delivery (peer, seq, state, expires_at) VALUES (?, ?, 0, ?)",
                peer.bytes(),
                message.seq(),
                expires ? message.expiresAt() : null);
    }

    /** A delivery that has ended before it began. */
    void insertRefused(Tx tx, OutgoingMessage message, PeerId peer, String reason) throws SQLException {
        tx.update(
                "INSERT INTO delivery (peer, seq, state, ended_at, reason) VALUES (?, ?, ?, ?, ?)",
                peer.bytes(),
                message.seq(),
                DeliveryState.REFUSED.ordinal(),
                message.createdAt(),
                reason);
    }

    /** @param after seq of the last one that the caller has, 0 for none */
    Batch waiting(Tx tx, PeerId peer, long after, int most, long mostBytes) throws SQLException {
        List<Waiting> batch = new ArrayList<>();
        long[] bytes = new long[1];
        // A limit in bytes is none that SQL knows, and bodies may be large: what is beyond is not read.
        boolean more = tx.scan(
                WAITING,
                row -> {
                    Waiting next = waitingOf(row);
                    batch.add(next);
                    bytes[0] += next.message().size();
                    return bytes[0] < mostBytes;
                },
                peer.bytes(),
                after,
                most);
        return new Batch(batch, more || batch.size() == most);
    }

    /** It was sealed into a session. @return the state that it had, or empty if it had ended */
    Optional<DeliveryState> sent(Tx tx, PeerId peer, long seq, Delivery.Attempt attempt) throws SQLException {
        int earlier = tx.update(
                "INSERT OR IGNORE INTO earlier_attempt (peer, seq, sent_at, session, epoch, n)"
                        + " SELECT peer, seq, sent_at, session, epoch, n FROM delivery"
                        + " WHERE peer = ? AND seq = ? AND state = 1",
                peer.bytes(),
                seq);
        int changed = tx.update(
                "UPDATE delivery SET state = 1, sent_at = ?, session = ?, epoch = ?, n = ?"
                        + " WHERE peer = ? AND seq = ? AND state < 2",
                attempt.at(),
                attempt.session(),
                attempt.epoch(),
                attempt.n(),
                peer.bytes(),
                seq);
        if (changed == 0) {
            return Optional.empty();
        }
        return Optional.of(earlier > 0 ? DeliveryState.SENT : DeliveryState.QUEUED);
    }

    /** Ends a delivery. @return the state that it had, or empty if it had ended */
    Optional<DeliveryState> settle(
            Tx tx, PeerId peer, long seq, DeliveryState state, Optional<String> reason, Instant now)
            throws SQLException {
        // Nearly always it was sent: one statement, in which the state that it had is no question.
        for (DeliveryState before : List.of(DeliveryState.SENT, DeliveryState.QUEUED)) {
            int changed = tx.update(
                    "UPDATE delivery SET state = ?, ended_at = ?, reason = ? WHERE peer = ? AND seq = ? AND state = ?",
                    state.ordinal(),
                    now,
                    reason.orElse(null),
                    peer.bytes(),
                    seq,
                    before.ordinal());
            if (changed > 0) {
                return Optional.of(before);
            }
        }
        return Optional.empty();
    }

    Optional<SentMessage> byId(Tx tx, UUID id) throws SQLException {
        Optional<SentMessage> found =
                tx.first("SELECT " + MESSAGE_COLUMNS + " FROM outgoing o WHERE o.id = ?", OutboxTable::headOf, id);
        return found.isPresent() ? Optional.of(withDeliveries(tx, found.get(), true)) : Optional.empty();
    }

    /** The newest messages, newest first. @param since not older than this, or null; @param state of one of its deliveries */
    List<SentMessage> newest(Tx tx, Optional<PeerId> peer, Optional<DeliveryState> state, Instant since, int most)
            throws SQLException {
        List<SentMessage> heads = tx.list(
                "SELECT " + MESSAGE_COLUMNS + " FROM outgoing o WHERE o.created_at >= ?1 AND (?2 IS NULL AND ?3 IS NULL"
                        + " OR EXISTS (SELECT 1 FROM delivery d WHERE d.seq = o.seq AND (?2 IS NULL OR d.peer = ?2)"
                        + " AND (?3 IS NULL OR d.state = ?3))) ORDER BY o.seq DESC LIMIT ?4",
                OutboxTable::headOf,
                since == null ? (Object) 0L : since,
                peer.map(PeerId::bytes).orElse(null),
                state.map(DeliveryState::ordinal).orElse(null),
                most);
        List<SentMessage> whole = new ArrayList<>(heads.size());
        for (SentMessage head : heads) {
            whole.add(withDeliveries(tx, head, false));
        }
        return whole;
    }

    /** Deliveries whose time is over, some of them. */
    List<Due> due(Tx tx, Instant now, int most) throws SQLException {
        return tx.list(
                "SELECT d.peer, d.seq, o.id, o.size FROM delivery d JOIN outgoing o ON o.seq = d.seq"
                        + " WHERE d.state < 2 AND d.expires_at IS NOT NULL AND d.expires_at <= ? LIMIT ?",
                OutboxTable::dueOf,
                now,
                most);
    }

    /** Deliveries of messages that are older than the protocol lets them be, some of them. */
    List<Due> tooOld(Tx tx, Instant createdBefore, int most) throws SQLException {
        return tx.list(
                "SELECT d.peer, d.seq, o.id, o.size FROM delivery d JOIN outgoing o ON o.seq = d.seq"
                        + " WHERE d.state < 2 AND o.created_at < ? LIMIT ?",
                OutboxTable::dueOf,
                createdBefore,
                most);
    }

    /** Everything that waits for a peer. */
    List<Due> allFor(Tx tx, PeerId peer) throws SQLException {
        return tx.list(
                "SELECT d.peer, d.seq, o.id, o.size FROM delivery d JOIN outgoing o ON o.seq = d.seq"
                        + " WHERE d.peer = ? AND d.state < 2 ORDER BY d.seq",
                OutboxTable::dueOf,
                (Object) peer.bytes());
    }

    SentMessage withDeliveries(Tx tx, SentMessage head, boolean allAttempts) throws SQLException {
        List<Delivery> deliveries = tx.list(DELIVERIES, row -> delivery(row, head.createdAt()), head.seq());
        if (allAttempts) {
            for (int i = 0; i < deliveries.size(); i++) {
                deliveries.set(i, withEarlier(tx, head.seq(), deliveries.get(i)));
            }
        }
        deliveries.sort((a, b) -> a.peer().compareTo(b.peer()));
        return new SentMessage(
                head.seq(),
                head.id(),
                head.scope(),
                head.group(),
                head.mediaType(),
                head.size(),
                head.createdAt(),
                head.expiresAt(),
                List.copyOf(deliveries));
    }

    byte[] body(UUID id, byte[] sealed) {
        return vault.open(place(id), sealed);
    }

    static Record.Scope scope(ResultSet row) throws SQLException {
        return SCOPES[row.getInt("scope")];
    }

    private static byte[] place(UUID id) {
        return Vault.place("outgoing", Tx.bytes(id));
    }

    private static Delivery withEarlier(Tx tx, long seq, Delivery delivery) throws SQLException {
        List<Delivery.Attempt> attempts = tx.list(
                "SELECT sent_at, session, epoch, n FROM earlier_attempt WHERE peer = ? AND seq = ? ORDER BY sent_at",
                OutboxTable::attempt,
                delivery.peer().bytes(),
                seq);
        attempts.addAll(delivery.attempts());
        return new Delivery(
                delivery.peer(),
                delivery.state(),
                delivery.queuedAt(),
                delivery.endedAt(),
                delivery.reason(),
                List.copyOf(attempts));
    }

    private Waiting waitingOf(ResultSet row) throws SQLException {
        SentMessage head = headOf(row);
        var record = new Record.Message(
                head.id(),
                head.createdAt().toEpochMilli(),
                head.scope(),
                head.group(),
                head.mediaType(),
                body(head.id(), row.getBytes("body")));
        return new Waiting(
                new OutgoingMessage(
                        head.seq(), record, head.createdAt(), head.expiresAt(), TraceContext.of(row.getBytes("trace"))),
                row.getInt("state") == DeliveryState.SENT.ordinal());
    }

    private static SentMessage headOf(ResultSet row) throws SQLException {
        return new SentMessage(
                row.getLong("seq"),
                Tx.uuid(row, "id"),
                scope(row),
                row.getString("group_name"),
                row.getString("media_type"),
                row.getLong("size"),
                Tx.instant(row, "created_at"),
                Tx.instant(row, "expires_at"),
                List.of());
    }

    static Delivery delivery(ResultSet row, Instant queuedAt) throws SQLException {
        return new Delivery(
                PeerId.of(row.getBytes("peer")),
                DeliveryState.at(row.getInt("state")),
                queuedAt,
                Optional.ofNullable(Tx.instant(row, "ended_at")),
                Optional.ofNullable(row.getString("reason")),
                Tx.instant(row, "sent_at") == null ? List.of() : List.of(attempt(row)));
    }

    private static Delivery.Attempt attempt(ResultSet row) throws SQLException {
        return new Delivery.Attempt(
                Tx.instant(row, "sent_at"), Tx.uuid(row, "session"), row.getLong("epoch"), row.getLong("n"));
    }

    private static Due dueOf(ResultSet row) throws SQLException {
        return new Due(PeerId.of(row.getBytes("peer")), row.getLong("seq"), Tx.uuid(row, "id"), row.getLong("size"));
    }
}
