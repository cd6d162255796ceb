package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** What the disk and SQLite allow at the most: rows that are committed in batches, set as the node sets its store. */
final class SqliteAlone {

    private static final int ID_BYTES = 16;

    private SqliteAlone() {}

    /** @return rows a second */
    static double rate(Path directory, int batch, int size, int seconds) throws IOException {
        Path file = Files.createTempFile(directory, "alone", ".db");
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 4000");
            statement.execute(
                    "CREATE TABLE message (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, body BLOB NOT NULL)");
            long rows = 0;
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?)")) {
                while (System.nanoTime() < end) {
                    statement.execute("BEGIN IMMEDIATE");
                    for (int i = 0; i < batch; i++) {
                        insert.setLong(1, ++rows);
                        insert.setBytes(2, id(rows));
                        insert.setBytes(3, new byte[size]);
                        insert.executeUpdate();
                    }
                    statement.execute("COMMIT");
                }
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        } catch (SQLException e) {
            throw new IOException("SQLite: " + e.getMessage(), e);
        } finally {
            for (String suffix : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(Path.of(file + suffix));
            }
        }
    }

    /** In the order of time, as the ids of messages are. */
    private static byte[] id(long row) {
        return java.nio.ByteBuffer.allocate(ID_BYTES).putLong(row).putLong(~row).array();
    }
}
