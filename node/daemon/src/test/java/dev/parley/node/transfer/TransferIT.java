package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.testing.AdminCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files between two nodes that are processes of their own, and whatever happens to those. */
@Timeout(300)
class TransferIT {
    private static final long LARGE = 200_000_000;
    private static final long MIDDLE = 64_000_000;
    private static final long SMALL = 20_000_000;
    private static final double MEGA = 1e6;

    @TempDir
    Path home;

    @Test
    void aFileArrivesAndMessagesOvertakeIt() throws Exception {
        sendBesideMessages("A256CBC-HS512", SMALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A256GCM", "A256CBC-HS512"})
    @Tag("long")
    void aLargeFileArrivesAndMessagesOvertakeIt(String suite) throws Exception {
        sendBesideMessages(suite, LARGE);
    }

    private void sendBesideMessages(String suite, long length) throws Exception {
        try (var nodes = running(Map.of("parley.suites", suite))) {
            long start = System.nanoTime();
            String id = nodes.send("large.bin", length, 1);
            long handedOver = System.nanoTime();
            List<Long> waits = new ArrayList<>();
            String state = "";
            while (!state.equals("COMPLETE")) {
                long before = System.nanoTime();
                nodes.alice()
                        .post(
                                "/v1/messages?wait=delivered&timeout=PT30S",
                                "{\"to\": \"bob\", \"text\": \"do you hear me?\"}");
                waits.add(System.nanoTime() - before);
                state = nodes.alice().get("/v1/files/" + id).get("state").asText();
                assertThat(state).isIn("OFFERED", "WAITING", "RUNNING", "COMPLETE");
            }
            long arrived = System.nanoTime();
            waits.sort(Long::compare);
            Duration median = Duration.ofNanos(waits.get(waits.size() / 2));
            System.out.printf(
                    Locale.ROOT,
                    "%s: handed over at %.0f MB/s, sent at %.0f MB/s; %d messages meanwhile, median %.1f ms%n",
                    suite,
                    length * 1e9 / MEGA / (handedOver - start),
                    length * 1e9 / MEGA / (arrived - handedOver),
                    waits.size(),
                    median.toNanos() / MEGA);
            assertThat(nodes.sha256AtBob(id)).isEqualTo(TwoNodes.sha256(length, 1));
            // How long one takes is the bench's business: a message that waited for the file would be the only one.
            assertThat(waits).hasSizeGreaterThan(3);
        }
    }

    @Test
    @Tag("long")
    void goesOnAfterEitherNodeIsKilled() throws Exception {
        try (var nodes = running(Map.of())) {
            String id = nodes.send("a.bin", LARGE, 2);
            nodes.awaitTransferred(nodes.bob(), id, LARGE / 5);
            nodes.killBob();
            nodes.startBob(Map.of());
            nodes.awaitTransferred(nodes.bob(), id, LARGE / 2);
            nodes.killAlice();
            nodes.startAlice();
            nodes.awaitState(nodes.alice(), id, "COMPLETE");
            assertThat(nodes.sha256AtBob(id)).isEqualTo(TwoNodes.sha256(LARGE, 2));
            assertThat(startsAtBob(nodes, id)).anyMatch(from -> from > 0);
        }
    }

    /** All that had come when it was told to stop is recorded: nothing of it is sent again. */
    @Test
    @Tag("long")
    void goesOnExactlyWhereANodeWasToldToStop() throws Exception {
        try (var nodes = running(Map.of("parley.shutdown.back", "1s"))) {
            String id = nodes.send("c.bin", LARGE, 4);
            nodes.awaitTransferred(nodes.bob(), id, LARGE / 5);
            assertThat(nodes.bobsProcess().stop(Duration.ofSeconds(15))).isZero();
            nodes.startBob(Map.of());
            nodes.awaitTransferred(nodes.bob(), id, LARGE / 2);
            nodes.stopAlice();
            nodes.startAlice();
            nodes.awaitState(nodes.alice(), id, "COMPLETE");
            assertThat(nodes.sha256AtBob(id)).isEqualTo(TwoNodes.sha256(LARGE, 4));
            assertThat(startsAtBob(nodes, id))
                    .anyMatch(from -> from >= LARGE / 5 && from < LARGE / 2)
                    .anyMatch(from -> from >= LARGE / 2);
        }
    }

    /** The count is far behind the first position that is durable, and far from the end. */
    @Test
    @Tag("long")
    void goesOnWhereItStoodAfterBothNodesDied() throws Exception {
        try (var nodes = new TwoNodes(home, Map.of())) {
            String id = dieAt("SPOOL_AFTER_WRITE:200", nodes);
            nodes.killAlice();
            nodes.startAlice();
            awaitWhole(nodes, id);
            assertThat(startsAtBob(nodes, id)).anyMatch(from -> from > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SPOOL_AFTER_WRITE:1", "TRANSFER_BEFORE_COMPLETE:1"})
    @Tag("long")
    void losesNothingAtTheWorstInstants(String point) throws Exception {
        try (var nodes = new TwoNodes(home, Map.of())) {
            awaitWhole(nodes, dieAt(point, nodes));
        }
    }

    /** Bob dies over a file of Alice's, and is started again. @return its id */
    private static String dieAt(String point, TwoNodes nodes) throws Exception {
        nodes.startAlice();
        nodes.startBob(Map.of(CrashPoint.PROPERTY, point));
        nodes.introduce();
        nodes.connect();
        String id = nodes.send("b.bin", SMALL, 3);
        assertThat(nodes.bobsProcess().awaitExit(Duration.ofSeconds(60))).isEqualTo(137);
        nodes.startBob(Map.of());
        return id;
    }

    private static void awaitWhole(TwoNodes nodes, String id) throws Exception {
        nodes.awaitState(nodes.alice(), id, "COMPLETE");
        assertThat(nodes.bob().get("/v1/files"))
                .extracting(file -> file.get("id").asText())
                .containsExactly(id);
        assertThat(nodes.sha256AtBob(id)).isEqualTo(TwoNodes.sha256(SMALL, 3));
    }

    @Test
    @Tag("long")
    void goesOnAfterACutOfTheSession() throws Exception {
        sendAndCut(1, SMALL);
    }

    @Test
    @Tag("long")
    void goesOnAfterSeveralCutsOfTheSession() throws Exception {
        sendAndCut(3, LARGE);
    }

    private void sendAndCut(int cuts, long length) throws Exception {
        try (var nodes = running(Map.of())) {
            String id = nodes.send("c.bin", length, 4);
            for (int i = 1; i <= cuts; i++) {
                nodes.awaitTransferred(nodes.alice(), id, length * i / (cuts + 2));
                for (JsonNode session : nodes.bob().get("/v1/sessions")) {
                    nodes.bob()
                            .delete("/v1/sessions/" + session.get("sessionId").asText());
                }
            }
            nodes.awaitState(nodes.alice(), id, "COMPLETE");
            assertThat(nodes.sha256AtBob(id)).isEqualTo(TwoNodes.sha256(length, 4));
        }
    }

    @Test
    @Tag("long")
    void severalAtOnceShareFairly() throws Exception {
        try (var nodes = new TwoNodes(home, Map.of())) {
            nodes.startAlice();
            nodes.startBob(Map.of());
            nodes.introduce();
            List<String> ids = List.of(nodes.send("one.bin", MIDDLE, 5), nodes.send("two.bin", MIDDLE, 6));
            nodes.connect();
            nodes.awaitTransferred(nodes.bob(), ids.getFirst(), MIDDLE / 2);
            long first = transferred(nodes.bob(), ids.getFirst());
            long second = transferred(nodes.bob(), ids.getLast());
            System.out.printf(Locale.ROOT, "of two at once: %.0f and %.0f MB%n", first / MEGA, second / MEGA);
            assertThat((double) second / first).isBetween(0.5, 1.5);
            for (String id : ids) {
                nodes.awaitState(nodes.bob(), id, "COMPLETE");
            }
        }
    }

    @Test
    @Tag("long")
    void whoGoesAwayWhileHandingOverHasSentNothing() throws Exception {
        try (var nodes = running(Map.of())) {
            nodes.alice().uploadAndGo("/v1/files?peer=bob&name=half.bin", MIDDLE, TwoNodes.content(MIDDLE / 2, 7));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> nodes.alice().get("/v1/files").isEmpty());
            try (var left = Files.list(home.resolve("alice/data/spool"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    private TwoNodes running(Map<String, String> settings) throws IOException {
        TwoNodes nodes = new TwoNodes(home, settings);
        try {
            nodes.startAlice();
            nodes.startBob(Map.of());
            nodes.introduce();
            nodes.connect();
            return nodes;
        } catch (IOException | RuntimeException | Error e) {
            nodes.close();
            throw e;
        }
    }

    private static long transferred(AdminCalls at, String id) throws IOException {
        return at.get("/v1/files/" + id).get("transferred").asLong();
    }

    private static List<Long> startsAtBob(TwoNodes nodes, String id) {
        return nodes.bobsProcess()
                .netLog()
                .lines()
                .filter(line -> line.contains("\"event\":\"FILE_STARTED\"") && line.contains(id))
                .map(line -> Long.parseLong(line.replaceAll(".*\"from\":(\\d+).*", "$1")))
                .toList();
    }
}
