package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley store}, {@code backup} and {@code restore}. */
class StoreTest {
    private static final String STORE = json(
            "{'file':'/d/parley.db','bytes':1048576,'reclaimable':2048,'spoolBytes':0,"
                    + "'freeBytes':1073741824,'writable':true,'waiting':{'messages':1,'bytes':2},'sent':{'messages':3,'bytes':4},"
                    + "'received':{'messages':5,'bytes':1536},'unread':2,'oldest':'2026-01-01T11:00:00Z','peers':[{'peerId':'"
                    + BOB
                    + "','alias':'bob','waiting':{'messages':1,'bytes':2},'received':{'messages':5,'bytes':1536},'unread':2}]}");
    private static final String RESTORED =
            json("{'bytes':6,'backedUpAt':'2026-01-01T10:00:00Z','received':5,'waiting':1}");

    @TempDir
    Path directory;

    private final FakeTransport transport = new FakeTransport();

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void sizes() {
        transport.on("GET /v1/store", 200, STORE);
        assertThat(run("store").out())
                .containsSubsequence(
                        "size         1.0 MiB, of that 2.0 KiB",
                        "waiting      1 message, 2 B",
                        "received     5 messages, 1.5 KiB, 2 unread",
                        "oldest       1 h 0 m ago",
                        "bob");
        assertThat(run("store", "--json").out()).isEqualTo(STORE + "\n");
        FakeTransport full =
                new FakeTransport().on("GET /v1/store", 200, STORE.replace("\"writable\":true", "\"writable\":false"));
        assertThat(Invocation.run(full, "store").out()).startsWith("NO MESSAGES ARE TAKEN NOW");
    }

    @Test
    void compactAndPrune() {
        transport
                .on("GET /v1/store", 200, STORE)
                .on("POST /v1/store/compact", 200, STORE.replace("1048576", "524288"))
                .on("POST /v1/store/prune?older=PT2160H", 200, json("{'sent':1,'received':2}"));
        assertThat(run("store", "compact").out()).isEqualTo("the store has 512.0 KiB now, it had 1.0 MiB\n");
        assertThat(run("store", "prune", "--older", "90d", "--yes").out())
                .isEqualTo("deleted 1 sent and 2 received messages\n");
        assertThat(Invocation.run(transport, "n\n", true, Map.of(), "store", "prune", "--older", "90d")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void aBackupIsWholeItsOwnersAloneAndOverwritesNothing() throws Exception {
        Path file = directory.resolve("b");
        transport.content("GET /v1/store/backup", new byte[] {1, 2, 3}, Map.of());
        assertThat(run("backup", file.toString()).out()).isEqualTo("backed up to " + file + ": 3 B\n");
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, "precious");
        Invocation again = run("backup", file.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err())
                .isEqualTo("error: there is '" + file
                        + "' already\nhint: choose another name, or overwrite it with --force\n");
        assertThat(file).hasContent("precious");
        assertThat(run("backup", file.toString(), "--force", "--json").out())
                .isEqualTo(json("{'file':'" + file + "','bytes':3}\n"));
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aBackupThatFailsLeavesNothing() throws Exception {
        transport.on("GET /v1/store/backup", 507, problem("store-full", 507, "no room for a copy", null));
        assertThat(run("backup", directory.resolve("b").toString()))
                .isEqualTo(new Invocation("", "error: no room for a copy\n", 4));
        assertThat(files()).isZero();
        assertThat(run("backup", directory.resolve("no/b").toString()))
                .isEqualTo(new Invocation("", "error: there is no '" + directory.resolve("no/b.part") + "'\n", 1));
    }

    @Test
    void restoreAsksAndSaysWhen() throws Exception {
        Path file = Files.write(directory.resolve("b"), new byte[] {1, 2, 3, 4, 5, 6});
        transport.on("POST /v1/store/restore", 200, RESTORED);
        assertThat(run("restore", file.toString()).exitCode()).isEqualTo(2);
        assertThat(Invocation.run(transport, "\n", true, Map.of(), "restore", file.toString())
                        .err())
                .contains("[y/N]", "error: nothing was done");
        assertThat(transport.asked()).isEmpty();
        Invocation run = Invocation.run(transport, "y\n", true, Map.of(), "restore", file.toString());
        assertThat(run.out())
                .isEqualTo("the backup of 2026-01-01 10:00:00.000 is good: 5 messages that came, 1 that wait\n"
                        + "it is in force at the next start of the node\n");
        assertThat(run("restore", file.toString(), "--yes", "--json").out()).isEqualTo(RESTORED + "\n");
        assertThat(transport.asked()).containsOnly("POST /v1/store/restore application/octet-stream 6");
        FakeTransport damaged = new FakeTransport()
                .on("POST /v1/store/restore", 422, problem("backup-invalid", 422, "it is damaged", null));
        assertThat(Invocation.run(damaged, "restore", file.toString(), "--yes").exitCode())
                .isEqualTo(4);
    }
}
