package dev.parley.node.witness;

import dev.parley.evidence.SignedHead;
import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The heads of peers' logs that this node holds, durable. Of each peer: the first and the latest, the last of each day for
 * {@value #DAYS} days, and what contradicts each other, at most {@value #EVIDENCE} of that. Thread-safe.
 */
@ApplicationScoped
public class Witnesses {
    static final int DAYS = 90;
    static final int EVIDENCE = 64;
    /** For clocks, and for two sessions that bring heads in another order. */
    static final long TOLERANCE_SECONDS = 120;

    private static final String COLUMNS = "SELECT n, seq, hash, time, signature, came_at, evidence FROM witness";

    private final Store store;

    Witnesses(Store store) {
        this.store = store;
    }

    /**
     * A head that is held.
     *
     * @param cameAt when it came
     * @param evidence whether it contradicts another, or another contradicts it
     */
    public record Held(SignedHead head, Instant cameAt, boolean evidence) {}

    /** A contradiction. @param held what was held before */
    record Conflict(String problem, SignedHead held) {}

    private record Row(long n, Held held) {
        SignedHead head() {
            return held.head();
        }
    }

    /**
     * Keeps a head whose signature was checked.
     *
     * @return completes once it is durable; with what it contradicts, if it does
     */
    CompletableFuture<Optional<Conflict>> keep(SignedHead head, Instant now) {
        return store.database().write(tx -> keep(tx, head, now));
    }

    /** What is held of a peer's log, in the order in which it came. */
    public CompletableFuture<List<Held>> of(PeerId peer) {
        return store.database()
                .read(tx -> rows(tx, peer).stream().map(Row::held).toList());
    }

    /**
     * How long heads of a peer's log were on their way, by its clock at the one end and ours at the other, the least since a moment;
     * and how many of those that are held contradict each other.
     *
     * @param way empty where none came since
     */
    public record Standing(PeerId peer, Optional<Duration> way, int contradictions) {}

    /** Of every peer that heads are held of. */
    public CompletableFuture<List<Standing>> standings(Instant since) {
        return store.database().read(tx -> {
            List<Standing> all = new ArrayList<>();
            for (byte[] peer : tx.list("SELECT DISTINCT peer FROM witness", row -> row.getBytes(1))) {
                Optional<Duration> way = tx
                        .list(
                                "SELECT time, came_at FROM witness WHERE peer = ? AND came_at >= ?",
                                row -> Duration.between(Instant.parse(row.getString(1)), Tx.instant(row, "came_at")),
                                peer,
                                since)
                        .stream()
                        .min(Duration::compareTo);
                long evidence = tx.number("SELECT COUNT(*) FROM witness WHERE peer = ? AND evidence = 1", peer);
                all.add(new Standing(PeerId.of(peer), way, (int) evidence));
            }
            return all;
        });
    }

    /** The one of them that came last. */
    CompletableFuture<Optional<SignedHead>> latest(PeerId peer) {
        return store.database().read(tx -> latestRow(tx, peer).map(Row::head));
    }

    private static Optional<Conflict> keep(Tx tx, SignedHead head, Instant now) throws SQLException {
        PeerId peer = head.peer();
        Optional<Row> latest = latestRow(tx, peer);
        Optional<Row> same = tx.first(
                COLUMNS + " WHERE peer = ? AND seq = ? ORDER BY n DESC LIMIT 1",
                row -> row(peer, row),
                peer.bytes(),
                head.seq());
        if (same.isPresent() && Arrays.equals(same.get().head().hash(), head.hash())) {
            return Optional.empty();
        }
        Optional<Conflict> conflict = same.map(row -> new Conflict("the same line has another hash", row.head()))
                .or(() -> latest.flatMap(row -> backwards(row.head(), head)));
        if (conflict.isEmpty()
                && latest.isPresent()
                && head.seq() < latest.get().head().seq()) {
            // Late, over another session: nothing new.
            return conflict;
        }
        if (conflict.isPresent() && evidence(tx, peer) >= EVIDENCE) {
            return conflict;
        }
        if (conflict.isPresent()) {
            tx.update(
                    "UPDATE witness SET evidence = 1 WHERE peer = ? AND seq = ? AND hash = ?",
                    peer.bytes(),
                    conflict.get().held().seq(),
                    conflict.get().held().hash());
        }
        long n = latest.map(Row::n).orElse(0L) + 1;
        tx.update(
                "INSERT INTO witness (peer, n, seq, hash, time, signature, came_at, evidence)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                peer.bytes(),
                n,
                head.seq(),
                head.hash(),
                head.time(),
                head.signature(),
                now,
                conflict.isPresent() ? 1 : 0);
        thin(tx, peer, n, latest, now);
        return conflict;
    }

    private static Optional<Conflict> backwards(SignedHead held, SignedHead head) {
        Instant before = Instant.parse(held.time());
        Instant at = Instant.parse(head.time());
        if (at.isBefore(before.minusSeconds(TOLERANCE_SECONDS))) {
            return Optional.of(new Conflict("the time runs backwards", held));
        }
        // A head that was signed before the one that is held has come late; one that was signed after it cannot be
        // shorter.
        return head.seq() < held.seq() && at.isAfter(before)
                ? Optional.of(new Conflict("the log has become shorter", held))
                : Optional.empty();
    }

    /** Only the last of a day stays, and nothing that is too old; the first, the latest and evidence stay in any case. */
    private static void thin(Tx tx, PeerId peer, long n, Optional<Row> before, Instant now) throws SQLException {
        if (before.isPresent() && day(before.get().held().cameAt()).equals(day(now))) {
            tx.update(
                    "DELETE FROM witness WHERE peer = ? AND n = ? AND n > 1 AND evidence = 0",
                    peer.bytes(),
                    before.get().n());
        }
        tx.update(
                "DELETE FROM witness WHERE peer = ? AND n > 1 AND n < ? AND evidence = 0 AND came_at < ?",
                peer.bytes(),
                n,
                now.minus(DAYS, ChronoUnit.DAYS));
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static long evidence(Tx tx, PeerId peer) throws SQLException {
        return tx.number("SELECT COUNT(*) FROM witness WHERE peer = ? AND evidence = 1", (Object) peer.bytes());
    }

    private static Optional<Row> latestRow(Tx tx, PeerId peer) throws SQLException {
        return tx.first(
                COLUMNS + " WHERE peer = ? ORDER BY n DESC LIMIT 1", row -> row(peer, row), (Object) peer.bytes());
    }

    private static List<Row> rows(Tx tx, PeerId peer) throws SQLException {
        return tx.list(COLUMNS + " WHERE peer = ? ORDER BY n", row -> row(peer, row), (Object) peer.bytes());
    }

    private static Row row(PeerId peer, ResultSet row) throws SQLException {
        var head = new SignedHead(
                peer, row.getLong("seq"), row.getBytes("hash"), row.getString("time"), row.getBytes("signature"));
        return new Row(row.getLong("n"), new Held(head, Tx.instant(row, "came_at"), row.getInt("evidence") != 0));
    }
}
