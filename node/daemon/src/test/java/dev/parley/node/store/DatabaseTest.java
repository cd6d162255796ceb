package dev.parley.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
    private static final String ADD = "INSERT INTO peer_group (name, made_at) VALUES (?, 0)";
    private static final String COUNT = "SELECT COUNT(*) FROM peer_group";
    private static final long ROOMY = 1L << 30;

    @TempDir
    Path directory;

    private final List<Boolean> told = new ArrayList<>();

    @Test
    void whatWaitsSharesOneCommit() throws Exception {
        try (var database = open(ROOMY)) {
            var started = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var first = database.write(tx -> {
                started.countDown();
                awaitQuietly(go);
                return null;
            });
            started.await();
            List<CompletableFuture<Integer>> rest = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String name = "g" + i;
                rest.add(database.write(tx -> tx.update(ADD, name)));
            }
            long before = database.commits();
            go.countDown();
            first.join();
            rest.forEach(CompletableFuture::join);
            assertThat(database.commits() - before).isEqualTo(2);
            assertThat(database.read(tx -> tx.number(COUNT)).join()).isEqualTo(500);
        }
    }

    @Test
    void whatIsLazySharesTheNextCommitInItsOrder() throws Exception {
        try (var database = open(ROOMY)) {
            long before = database.commits();
            var lazy = database.writeLazily(tx -> tx.update(ADD, "first"));
            var urgent = database.write(tx -> tx.number(COUNT));
            assertThat(urgent.join()).isOne();
            assertThat(lazy.join()).isOne();
            assertThat(database.commits() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatIsLazyIsNotPutOffForEver() throws Exception {
        try (var database = open(ROOMY)) {
            for (int i = 0; i < 3; i++) {
                String name = "alone" + i;
                assertThat(database.writeLazily(tx -> tx.update(ADD, name)).get(10, TimeUnit.SECONDS))
                        .isOne();
            }
        }
    }

    @Test
    void whatIsLazyIsDoneBeforeTheStoreIsClosed() throws Exception {
        CompletableFuture<Integer> last;
        try (var database = open(ROOMY)) {
            last = database.writeLazily(tx -> tx.update(ADD, "last"));
        }
        assertThat(last.getNow(0)).isOne();
    }

    @Test
    void whatFailsTakesNothingElseWithIt() throws Exception {
        try (var database = open(ROOMY)) {
            var started = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            database.write(tx -> {
                started.countDown();
                awaitQuietly(go);
                return null;
            });
            started.await();
            var good = database.write(tx -> tx.update(ADD, "one"));
            var twice = database.write(tx -> tx.update(ADD, "one"));
            var defect = database.write(tx -> {
                tx.update(ADD, "never");
                throw new IllegalStateException("a defect");
            });
            var after = database.write(tx -> tx.update(ADD, "two"));
            go.countDown();
            assertThat(good.join()).isOne();
            assertThatThrownBy(twice::join).hasCauseInstanceOf(StoreException.class);
            assertThatThrownBy(defect::join).hasCauseInstanceOf(IllegalStateException.class);
            assertThat(after.join()).isOne();
            assertThat(database.read(
                                    tx -> tx.list("SELECT name FROM peer_group ORDER BY name", row -> row.getString(1)))
                            .join())
                    .containsExactly("one", "two");
            assertThat(told).isEmpty();
        }
    }

    @Test
    void aFullDiskFailsWhatDoesNotFitAndIsToldOnceAndOver() throws Exception {
        try (var database = open(300_000)) {
            String large = "x".repeat(100_000);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            String name = i + large;
                            database.write(tx -> tx.update(ADD, name)).join();
                        }
                    })
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(StoreException.Full.class);
            assertThat(database.isWritable()).isFalse();
            long kept = database.read(tx -> tx.number(COUNT)).join();
            assertThat(kept).isPositive();
            database.write(tx -> tx.update("UPDATE peer_group SET made_at = 1")).join();
            assertThat(database.probe().join()).isFalse();
            assertThat(told).as("what needs no room says nothing of it").containsExactly(false);
            database.write(tx -> tx.update("DELETE FROM peer_group")).join();
            assertThat(database.probe().join()).isTrue();
            database.write(tx -> tx.update(ADD, "fits again")).join();
            assertThat(told).containsExactly(false, true);
        }
    }

    @Test
    void whatWasCommittedIsThereAfterReopening() throws Exception {
        long commits;
        try (var database = open(ROOMY)) {
            database.write(tx -> tx.update(ADD, "kept")).join();
            commits = database.commits();
        }
        try (var database = open(ROOMY)) {
            assertThat(database.read(tx -> tx.number(COUNT)).join()).isOne();
            assertThat(database.commits()).isGreaterThanOrEqualTo(commits);
        }
    }

    @Test
    void compactingGivesRoomBack() throws Exception {
        try (var database = open(ROOMY)) {
            String large = "x".repeat(1_000_000);
            database.write(tx -> tx.update(ADD, large)).join();
            database.write(tx -> tx.update("DELETE FROM peer_group")).join();
            database.compact().join();
            assertThat(database.bytes()).isLessThan(500_000);
            database.write(tx -> tx.update(ADD, "still works")).join();
        }
    }

    @Test
    void aNewerSchemaIsRefused() throws Exception {
        open(ROOMY).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> open(ROOMY))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("newer version");
    }

    /** As that version left it: a message that waits, and what its peer has been read of. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anOlderStoreIsTakenOverWithAllThatIsInIt(int version) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            for (int each = 1; each <= version; each++) {
                for (String part : Database.script("schema-" + each + ".sql")) {
                    statement.execute(part);
                }
            }
            statement.execute("INSERT INTO outgoing VALUES (7, x'01', 1000, 2000, 0, '', 'text/plain', 3, x'aabbcc')");
            statement.execute("INSERT INTO delivery (peer, seq, state) VALUES (x'02', 7, 0)");
            statement.execute("INSERT INTO read_mark VALUES (x'02', 5)");
            statement.execute("PRAGMA user_version = " + version);
        }
        List<String> fresh;
        try (var database = Database.open(directory.resolve("fresh.db"), ROOMY, told::add)) {
            fresh = tables(database);
        }
        try (var database = open(ROOMY)) {
            assertThat(tables(database)).isEqualTo(fresh);
            assertThat(database.read(tx ->
                                    tx.number("SELECT size FROM outgoing WHERE trace IS NULL AND body = x'aabbcc'"))
                            .join())
                    .isEqualTo(3);
            assertThat(database.read(tx -> tx.number("SELECT seq FROM delivery WHERE state = 0"))
                            .join())
                    .isEqualTo(7);
            assertThat(database.read(tx -> tx.number("SELECT seq FROM read_mark"))
                            .join())
                    .isEqualTo(5);
        }
    }

    private static List<String> tables(Database database) {
        return database.read(tx -> tx.list(
                        "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name", row -> row.getString(1)))
                .join();
    }

    @Test
    void whatIsNoDatabaseIsSaidToBeDamaged() throws Exception {
        Files.writeString(file(), "not a database, but long enough to be looked at ".repeat(100));
        assertThatThrownBy(() -> open(ROOMY))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void theFileIsItsOwnersAlone() throws Exception {
        open(ROOMY).close();
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void afterTheEndNothingIsTaken() throws Exception {
        var database = open(ROOMY);
        database.close();
        assertThatThrownBy(() -> database.write(tx -> tx.update(ADD, "late")).join())
                .hasCauseInstanceOf(StoreException.class);
    }

    private Path file() {
        return directory.resolve("store.db");
    }

    private Database open(long maxBytes) throws Exception {
        var database = Database.open(file(), maxBytes, told::add);
        database.write(
                        tx -> tx.update(
                                "INSERT OR IGNORE INTO meta (one, store, wrapped_key, made_at, commits, open) VALUES (1, x'00', x'00', 0, 0, 0)"))
                .join();
        return database;
    }

    private static void awaitQuietly(CountDownLatch latch) throws SQLException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }
}
