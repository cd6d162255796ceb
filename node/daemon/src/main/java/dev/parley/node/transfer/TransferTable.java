package dev.parley.node.transfer;

import dev.parley.node.store.Database;
import dev.parley.node.store.Tx;
import dev.parley.node.store.Vault;
import dev.parley.protocol.crypto.PeerId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What the store keeps of transfers. Writes take effect in the order of the calls. */
final class TransferTable {
    private static final int FIRST_FINAL = TransferState.COMPLETE.ordinal();

    private final Database database;
    private final Vault vault;

    TransferTable(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** @param position how much of the content is on the disk for certain */
    CompletableFuture<Integer> insert(Transfer transfer, long position) {
        TransferKey key = transfer.key();
        byte[] name = vault.seal(key.placeOfName(), transfer.name().getBytes(StandardCharsets.UTF_8));
        return database.write(tx -> tx.update(
                "INSERT INTO transfer (id, peer, outgoing, created_at, name, media_type, size, sha256, state, position)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.id(),
                key.peer().bytes(),
                direction(key),
                transfer.createdAt(),
                name,
                transfer.mediaType(),
                transfer.size(),
                transfer.sha256(),
                transfer.state().ordinal(),
                position));
    }

    CompletableFuture<Integer> state(TransferKey key, TransferState state) {
        return database.write(tx -> tx.update(
                "UPDATE transfer SET state = ? WHERE peer = ? AND id = ? AND outgoing = ?",
                state.ordinal(),
                key.peer().bytes(),
                key.id(),
                direction(key)));
    }

    CompletableFuture<Integer> position(TransferKey key, long position) {
        return database.write(tx -> tx.update(
                "UPDATE transfer SET position = ? WHERE peer = ? AND id = ? AND outgoing = ?",
                position,
                key.peer().bytes(),
                key.id(),
                direction(key)));
    }

    CompletableFuture<Integer> end(Transfer ended) {
        TransferKey key = ended.key();
        return database.write(tx -> tx.update(
                "UPDATE transfer SET state = ?, position = ?, ended_at = ?, reason = ?"
                        + " WHERE peer = ? AND id = ? AND outgoing = ?",
                ended.state().ordinal(),
                ended.transferred(),
                ended.endedAt().orElseThrow(),
                ended.reason().orElse(null),
                key.peer().bytes(),
                key.id(),
                direction(key)));
    }

    CompletableFuture<Integer> delete(TransferKey key) {
        return database.write(tx -> tx.update(
                "DELETE FROM transfer WHERE peer = ? AND id = ? AND outgoing = ?",
                key.peer().bytes(),
                key.id(),
                direction(key)));
    }

    /** Those that have not ended, oldest first. */
    CompletableFuture<List<Transfer>> unfinished() {
        return database.read(tx ->
                tx.list("SELECT * FROM transfer WHERE state < " + FIRST_FINAL + " ORDER BY created_at, id", this::row));
    }

    /** Those that have ended, newest first. */
    CompletableFuture<List<Transfer>> ended(Optional<PeerId> peer, Optional<TransferState> state, int limit) {
        byte[] id = peer.map(PeerId::bytes).orElse(null);
        Integer place = state.map(TransferState::ordinal).orElse(null);
        return database.read(tx -> tx.list(
                "SELECT * FROM transfer WHERE state >= " + FIRST_FINAL
                        + " AND (?1 IS NULL OR peer = ?1) AND (?2 IS NULL OR state = ?2)"
                        + " ORDER BY created_at DESC, id DESC LIMIT ?3",
                this::row,
                id,
                place,
                limit));
    }

    /** Those that ended before a time. */
    CompletableFuture<List<Transfer>> endedBefore(Instant time) {
        return database.read(tx -> tx.list("SELECT * FROM transfer WHERE ended_at < ?", this::row, time));
    }

    /** Incoming ones that are complete: their contents are kept. */
    CompletableFuture<List<TransferKey>> kept() {
        return database.read(tx -> tx.list(
                "SELECT * FROM transfer WHERE outgoing = 0 AND state = " + FIRST_FINAL,
                row -> this.row(row).key()));
    }

    CompletableFuture<Optional<Transfer>> find(UUID id) {
        return database.read(tx -> tx.first("SELECT * FROM transfer WHERE id = ?", this::row, id));
    }

    private static int direction(TransferKey key) {
        return key.outgoing() ? 1 : 0;
    }

    private Transfer row(ResultSet row) throws SQLException {
        TransferKey key =
                new TransferKey(PeerId.of(row.getBytes("peer")), Tx.uuid(row, "id"), row.getInt("outgoing") == 1);
        return new Transfer(
                key.id(),
                key.peer(),
                key.outgoing(),
                new String(vault.open(key.placeOfName(), row.getBytes("name")), StandardCharsets.UTF_8),
                row.getString("media_type"),
                row.getLong("size"),
                row.getBytes("sha256"),
                TransferState.at(row.getInt("state")),
                row.getLong("position"),
                OptionalLong.empty(),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Optional.ofNullable(Tx.instant(row, "ended_at")),
                Optional.ofNullable(row.getString("reason")));
    }
}
