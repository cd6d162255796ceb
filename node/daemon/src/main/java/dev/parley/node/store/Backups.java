package dev.parley.node.store;

import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.sqlite.SQLiteConfig;

/** Copies of the store: what makes a database file one of them, and how to tell that it is good. */
public final class Backups {

    /**
     * @param bytes its size
     * @param madeAt when it was made
     * @param received incoming messages in it
     * @param waiting deliveries that wait in it
     */
    public record Content(long bytes, Instant madeAt, long received, long waiting) {}

    private Backups() {}

    /** Notes in a copy when it was made, and that nobody has it open. */
    static void stamp(Path copy, Instant now) throws IOException {
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        try (Connection connection = connect(copy)) {
            new Tx(connection).update("UPDATE meta SET backed_up_at = ?, open = 0", now);
        } catch (SQLException e) {
            throw Database.failure("the copy of the store cannot be written", e);
        }
    }

    /** @throws StoreException.Unusable that says what is wrong with it */
    static Content check(Path file, IdentityKey key) throws IOException {
        try (Connection connection = connect(file)) {
            Tx tx = new Tx(connection);
            String sound = tx.first("PRAGMA integrity_check(1)", row -> row.getString(1))
                    .orElse("");
            if (!sound.equals("ok")) {
                throw new StoreException.Unusable("the backup is damaged", null);
            }
            byte[] wrapped = tx.first(
                            "SELECT wrapped_key FROM meta WHERE backed_up_at IS NOT NULL", row -> row.getBytes(1))
                    .orElseThrow(() -> new StoreException.Unusable("the file is a store, but no backup of one", null));
            Store.openVault(tx, key, wrapped).close();
            return new Content(
                    Files.size(file),
                    Instant.ofEpochMilli(tx.number("SELECT backed_up_at FROM meta")),
                    tx.number("SELECT COUNT(*) FROM incoming"),
                    tx.number("SELECT COUNT(*) FROM delivery WHERE state < 2"));
        } catch (SQLException e) {
            throw new StoreException.Unusable("the file is no backup of a store", e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }
}
