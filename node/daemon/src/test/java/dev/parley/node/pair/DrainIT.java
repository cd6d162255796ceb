package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is told to stop leaves nothing half done, says when it is back, and is done in time whatever its peer does. */
@Timeout(300)
class DrainIT {
    private static final Duration GRACE = Duration.ofSeconds(12);
    private static final Pattern DRAINED = Pattern.compile("\"event\":\"NODE_DRAINED\".*\"late\":(\\d+)");
    private static final Pattern TIME = Pattern.compile("\"time\":\"([^\"]+)\"");

    @TempDir
    Path home;

    @Test
    void underLoadInBothDirectionsNothingIsLostOrDoubledAndThePeerComesBackWhenTold() throws Exception {
        try (Pair pair = Pair.start(
                home, Map.of("parley.shutdown.grace", GRACE.toSeconds() + "s", "parley.shutdown.back", "3s"))) {
            String before = pair.awaitSession("", Pair.BACK_WITHIN);
            var load = new Load(pair);
            load.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.taken("alice") > 40 && load.taken("bob") > 40);

            NodeProcess leaving = pair.bob.process();
            int code = leaving.stop(GRACE);
            Instant gone = Instant.now();
            load.stop();

            assertThat(code).as(leaving.errors()).isZero();
            assertThat(late(leaving)).as("sessions that did not settle").isZero();
            assertThat(pair.alice.process().netLog())
                    .contains("\"event\":\"PEER_LEAVING\"")
                    .doesNotContain("\"TRUNCATION\"", "\"TAMPERING\"");
            // What bob's peers acknowledged is settled in bob's store, what bob sent is acknowledged: only QUEUED is
            // left.
            assertThat(pair.alice.process().netLog()).doesNotContain("\"MESSAGE_DUPLICATE\"");

            pair.bob.startAgain();
            pair.awaitSession(before, Pair.BACK_WITHIN);
            load.assertAllArrivedOnce();
            // It was told 3 s as the session closed: not one dial in between.
            Instant leavingAt = at(pair.alice.process().netLog(), "\"event\":\"PEER_LEAVING\"");
            Instant dialAt = at(after(pair.alice.process().netLog(), "PEER_LEAVING"), "\"event\":\"DIAL_STARTED\"");
            assertThat(Duration.between(leavingAt, dialAt)).isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(15));
            assertThat(gone).isAfter(leavingAt);
            // Neither stores a message twice: they are known by their ids, whatever was resent.
            assertThat(pair.bob.process().stop(GRACE)).isZero();
            assertThat(pair.alice.process().stop(GRACE)).isZero();
        }
    }

    @Test
    @Tag("long")
    void aPeerThatHangsAndASecondSignalDoNotProlongIt() throws Exception {
        try (Pair pair = Pair.start(home, Map.of("parley.shutdown.grace", "16s"))) {
            pair.awaitSession("", Pair.BACK_WITHIN);
            pair.alice.process().signal("STOP");
            try {
                pair.bob.admin().post("/v1/messages", Map.of("to", "alice", "text", "never acknowledged"));
                await().until(() -> pair.bob.process().netLog().contains("MESSAGE_SENT"));
                long since = System.nanoTime();
                pair.bob.process().signal("TERM");
                await().until(() -> pair.bob.process().netLog().contains("NODE_STOPPING"));
                pair.bob.process().signal("TERM");
                // It still answers, and says that nobody should count on it.
                assertThat(ready(pair.bob.process())).isEqualTo(503);
                assertThat(refusal(pair.bob.port())).isEqualTo(new byte[] {0x0f, 0, 0, 1, 8});
                assertThat(pair.bob.process().awaitExit(Duration.ofSeconds(16))).isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(16));
                assertThat(late(pair.bob.process())).isEqualTo(1);
                assertThat(pair.bob.process().netLog()).contains("\"NODE_STOPPED\"");
            } finally {
                pair.alice.process().signal("CONT");
            }
            pair.bob.startAgain();
            await().atMost(Pair.BACK_WITHIN)
                    .ignoreException(IOException.class)
                    .until(() -> texts(pair.alice.admin()).contains("never acknowledged"));
        }
    }

    @Test
    @Tag("long")
    void whoSaidThatItIsGoneForLongIsWelcomeWheneverItDials() throws Exception {
        try (Pair pair = Pair.start(home, Map.of("parley.shutdown.back", "5m"))) {
            String before = pair.awaitSession("", Pair.BACK_WITHIN);
            assertThat(pair.bob.process().stop(GRACE)).isZero();
            await().until(() -> pair.alice.process().netLog().contains("\"backInSeconds\":300"));
            pair.bob.startAgain();
            var dial = pair.bob
                    .admin()
                    .post(
                            "/v1/connections",
                            Map.of("host", "127.0.0.1", "port", pair.alice.port(), "acceptNew", false));
            assertThat(dial.body().path("state").asText()).as("%s", dial.body()).isEqualTo("CONNECTED");
            pair.awaitSession(before, Pair.BACK_WITHIN);
            pair.bob.send(Map.of("to", "alice", "text", "sooner than I said"));
        }
    }

    @Test
    void aGraceThatItsPartsDoNotFitIntoIsRefusedAtTheStart() throws Exception {
        try (NodeProcess node =
                NodeProcess.launch(home, Map.of("parley.shutdown.grace", "12s", "quarkus.shutdown.timeout", "5s"))) {
            assertThat(node.awaitExit(Duration.ofSeconds(60))).isEqualTo(2);
            assertThat(node.errors())
                    .contains("parley.shutdown.grace must be at least 15000ms", "quarkus.shutdown.timeout");
        }
    }

    private static int ready(NodeProcess node) throws IOException, InterruptedException {
        Matcher port = Pattern.compile("\"managementPort\":(\\d+)").matcher(node.netLog());
        assertThat(port.find()).isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port.group(1) + "/q/health/ready");
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    /** What a newcomer hears. */
    private static byte[] refusal(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.getInputStream().readAllBytes();
        }
    }

    private static int late(NodeProcess node) {
        Matcher drained = DRAINED.matcher(node.netLog());
        assertThat(drained.find()).as(node.netLog()).isTrue();
        return Integer.parseInt(drained.group(1));
    }

    private static String after(String log, String event) {
        return log.substring(log.indexOf(event));
    }

    private static Instant at(String log, String event) {
        String line =
                log.lines().filter(each -> each.contains(event)).findFirst().orElseThrow();
        Matcher time = TIME.matcher(line);
        assertThat(time.find()).as(line).isTrue();
        return Instant.parse(time.group(1));
    }

    private static List<String> texts(AdminClient admin) throws IOException {
        List<String> all = new ArrayList<>();
        long after = 0;
        for (JsonNode page = page(admin, after); !page.isEmpty(); page = page(admin, after)) {
            for (JsonNode each : page) {
                after = each.get("cursor").asLong();
                if (each.get("direction").asText().equals("IN")) {
                    all.add(each.get("text").asText());
                }
            }
        }
        return all;
    }

    private static JsonNode page(AdminClient admin, long after) throws IOException {
        return admin.get("/v1/history?limit=100&after=" + after).body().get("entries");
    }

    /** Both operators send one message after the other, and remember what was taken. */
    private static final class Load {
        private final Pair pair;
        private final ConcurrentLinkedQueue<String> fromAlice = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> fromBob = new ConcurrentLinkedQueue<>();
        /** The node went before it answered: taken or not, nobody here knows. */
        private final ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();

        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        Load(Pair pair) {
            this.pair = pair;
        }

        void start() {
            threads.add(Thread.startVirtualThread(() -> send(pair.alice.admin(), "bob", fromAlice)));
            threads.add(Thread.startVirtualThread(() -> send(pair.bob.admin(), "alice", fromBob)));
        }

        int taken(String by) {
            return (by.equals("alice") ? fromAlice : fromBob).size();
        }

        void stop() throws InterruptedException {
            over.set(true);
            for (Thread each : threads) {
                each.join();
            }
        }

        void assertAllArrivedOnce() {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreException(IOException.class)
                    .untilAsserted(() -> {
                        assertArrivedOnce(texts(pair.bob.admin()), fromAlice);
                        assertArrivedOnce(texts(pair.alice.admin()), fromBob);
                    });
        }

        private void assertArrivedOnce(List<String> arrived, Collection<String> taken) {
            assertThat(arrived).doesNotHaveDuplicates().containsAll(taken);
            assertThat(arrived).filteredOn(each -> !taken.contains(each)).isSubsetOf(unanswered);
        }

        private void send(AdminClient admin, String to, ConcurrentLinkedQueue<String> taken) {
            for (int i = 0; !over.get() && i < 900; i++) {
                String text = "to " + to + " " + i;
                try {
                    int status = admin.post("/v1/messages", Map.of("to", to, "text", text))
                            .status();
                    if (Stream.of(200, 201, 202).anyMatch(good -> good == status)) {
                        taken.add(text);
                    }
                } catch (IOException gone) {
                    unanswered.add(text);
                    return;
                }
            }
        }
    }
}
