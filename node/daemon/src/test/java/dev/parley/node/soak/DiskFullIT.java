package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk, or whose share of it, is full refuses what it cannot keep, stays, and recovers by itself. */
@Tag("long")
@Timeout(300)
class DiskFullIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** PSP/1 section 5: what was refused for now comes again after a minute. */
    private static final Duration AFTER_THE_RETRY = Duration.ofSeconds(100);

    private static final int BODY = 100_000;
    private static final String BINARY = "application/octet-stream";

    @TempDir
    Path home;

    private final Ledger ledger = new Ledger();

    @Test
    void aStoreAsLargeAsItMayBeTakesNothingUntilThereIsRoom() throws Exception {
        try (Node alice = Node.make(home, "alice", Map.of());
                Node bob = Node.make(home, "bob", Map.of("parley.store.max-size", "2M"))) {
            meet(alice, bob);
            for (int i = 0; i < 30; i++) {
                assertThat(sendTo(bob, alice)).isTrue();
            }
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"STORE_NOT_WRITABLE\""));
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"MESSAGE_REFUSED\""));
            assertThat(alice.waiting()).as("what bob had no room for").isPositive();
            refusesWhatItsOperatorSends(bob);

            JsonNode newest = Node.expect(200, bob.admin().get("/v1/history?peer=alice&limit=1"));
            Node.expect(
                    200,
                    bob.admin()
                            .post(
                                    "/v1/history/read",
                                    Map.of(
                                            "peer",
                                            "alice",
                                            "upTo",
                                            newest.at("/entries/0/cursor").asLong())));
            Node.expect(200, bob.admin().post("/v1/store/prune?older=PT0S", null));
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"STORE_WRITABLE\""));
            assertThat(bob.admin()
                            .post("/v1/messages", Map.of("to", "alice", "text", "there is room"))
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void aFullDiskIsSurvivedAndWhatWasRefusedForNowArrives() throws Exception {
        Path small = Files.createDirectory(home.resolve("small"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small.toString()))
                .as("mounting a small disk needs root: not tested here")
                .isZero();
        try (Node alice = Node.make(home, "alice", Map.of());
                Node bob = Node.make(small, "bob", Map.of("parley.store.reserve", "8M"))) {
            meet(alice, bob);
            assertThat(sendTo(bob, alice)).isTrue();
            await().atMost(SOON).until(() -> alice.waiting() == 0);

            fill(small.resolve("filler"), 4 << 20);
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"STORE_NOT_WRITABLE\""));
            refusesWhatItsOperatorSends(bob);
            assertThat(sendTo(bob, alice)).isTrue();
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"MESSAGE_REFUSED\""));

            fill(small.resolve("rest"), 0);
            assertThat(sendTo(bob, alice)).isTrue();
            assertThat(bob.process().isAlive()).isTrue();
            assertThat(alice.waiting()).isEqualTo(2);

            Files.delete(small.resolve("filler"));
            Files.delete(small.resolve("rest"));
            await().atMost(SOON).until(() -> bob.process().netLog().contains("\"STORE_WRITABLE\""));
            await().atMost(AFTER_THE_RETRY).until(() -> alice.waiting() == 0);
            assertThat(sendTo(alice, bob)).isTrue();
            await().atMost(SOON).until(() -> bob.waiting() == 0);
            ledger.check(List.of(alice, bob));
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    private static void meet(Node alice, Node bob) throws IOException {
        alice.trust(bob);
        bob.trust(alice);
        alice.keepConnectionTo(bob, bob.port());
    }

    private boolean sendTo(Node to, Node from) {
        return ledger.send(from, Set.of(to.name()), Map.of("to", to.name()), BINARY, new byte[BODY]);
    }

    private static void refusesWhatItsOperatorSends(Node node) throws IOException {
        var reply = node.admin().post("/v1/messages", Map.of("to", "alice", "text", "no room"));
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(507);
        assertThat(reply.body().get("code").asText()).isEqualTo("store-full");
    }

    /** Leaves so much room on the disk, in bytes. */
    private static void fill(Path file, long room) throws IOException {
        byte[] piece = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (file.toFile().getUsableSpace() > room) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(room).as("%s", full).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException missing) {
            return -1;
        }
    }
}
