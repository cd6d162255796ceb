package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.store.CrashPoint;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alice has a bridge to a NATS server, bob is her peer; both of the bridge's ends die at the worst moments. */
@Timeout(240)
@SuppressWarnings("try") // Closing a connection may be interrupted, and the test with it.
class BridgeIT {
    private static final int KILLED = 137;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private NatsServer nats;
    private Node alice;
    private Node bob;

    @BeforeEach
    void start() throws Exception {
        NatsServer.needed();
        nats = new NatsServer(Files.createDirectory(home.resolve("nats")));
        // The server is not there yet: the node starts all the same.
        alice = Node.make(
                home,
                "alice",
                Map.of(
                        "parley.bridge.enabled", "true",
                        "parley.bridge.url", nats.url(),
                        "parley.bridge.prefix", "alice",
                        "parley.bridge.create-streams", "true"));
        bob = Node.make(home, "bob", Map.of());
        alice.trust(bob);
        bob.trust(alice);
        bob.keepConnectionTo(alice, alice.port());
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {alice, bob, nats}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void passesBothWaysWithABrokerThatIsLateDiesAndComesBackAndHandsOverRubbish() throws Exception {
        bobSends(0, 40);
        await().atMost(SOON).until(() -> bob.waiting() == 0);
        nats.start();
        try (Connection own = nats.connect()) {
            awaitPublished(own, 40);
            JetStream stream = own.jetStream();
            order(stream, "bob", "one", Map.of("Parley-Id", "1"));
            order(stream, "bob", "one, repeated", Map.of("Parley-Id", "1"));
            order(stream, "*", "two", Map.of());
            order(stream, "nobody", "bad", Map.of());
            order(stream, "%zz", "bad", Map.of());
            order(stream, "b%0Aob", "bad", Map.of());
            order(stream, "@no such group", "bad", Map.of());
            order(stream, "bob", "bad", Map.of("Parley-Expires-In", "-PT1S"));
            stream.publish("alice.out", "no header".getBytes(StandardCharsets.UTF_8));
            order(stream, "bob", "three", Map.of());
            await().atMost(SOON).until(() -> received(bob).size() == 3);
            await().atMost(SOON).until(() -> rejected() == 6);
            assertThat(received(bob)).containsExactly("one", "two", "three");
            assertThat(lastReason(own)).contains("Parley-To");
            await().atMost(SOON).until(() -> left(own) == 0);
        }
        nats.kill();
        bobSends(40, 80);
        await().atMost(SOON).until(() -> bob.waiting() == 0);
        nats.start();
        try (Connection own = nats.connect()) {
            awaitPublished(own, 80);
            order(own.jetStream(), "bob", "four", Map.of());
            await().atMost(SOON).until(() -> received(bob).contains("four"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(metrics(alice))
                            .contains(
                                    "parley_bridge_connected 1.0",
                                    "parley_bridge_lag 0.0",
                                    "parley_bridge_rejected_total 6.0"));
            assertThat(metrics(alice).filter(each -> each.matches("parley_bridge_(published|taken)_total [1-9].*")))
                    .hasSize(2);
        }
        assertThat(metrics(bob).filter(each -> each.contains("parley_bridge"))).isEmpty();
        assertThat(alice.process().netLog())
                .contains("\"BRIDGE_LOST\"", "\"BRIDGE_CONNECTED\"", "\"BRIDGE_REJECTED\"")
                .doesNotContain("\"INTERNAL_ERROR\"");
        alice.stop(Duration.ofSeconds(15));
    }

    @Test
    @Tag("long")
    void whereverTheNodeDiesNothingIsLostAndNothingReachesAPeerTwice() throws Exception {
        nats.start();
        try (Connection own = nats.connect()) {
            bobSends(0, 5);
            awaitPublished(own, 5);
            List<String> sent = new ArrayList<>();
            int bobs = 5;
            for (CrashPoint point : List.of(
                    CrashPoint.BRIDGE_BEFORE_CURSOR,
                    CrashPoint.BRIDGE_BEFORE_ACK,
                    CrashPoint.STORE_BEFORE_COMMIT,
                    CrashPoint.STORE_AFTER_COMMIT)) {
                alice.kill();
                // They wait for alice, and bob's for her too.
                for (int i = 0; i < 5; i++) {
                    sent.add(point + " " + i);
                    order(own.jetStream(), "bob", sent.getLast(), Map.of());
                }
                bobSends(bobs, bobs += 5);
                alice.launch(
                        Map.of(CrashPoint.PROPERTY, point.name() + (point.name().startsWith("STORE") ? ":5" : "")));
                assertThat(alice.process().awaitExit(SOON)).as("%s", point).isEqualTo(KILLED);
                alice.startAgain();
            }
            awaitPublished(own, bobs);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(received(bob)).containsExactlyInAnyOrderElementsOf(sent));
            await().atMost(SOON).until(() -> left(own) == 0);
            await().atMost(SOON).until(() -> bob.waiting() + alice.waiting() == 0);
            assertThat(received(bob)).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    /** An acknowledgement that is waited for, and a collector of traces and a peer that hang too, take their time together. */
    @Test
    @Tag("long")
    void aBrokerThatHangsDoesNotKeepTheNodeFromEndingInTime() throws Exception {
        nats.start();
        try (var collector = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            bobSends(0, 5);
            try (Connection own = nats.connect()) {
                awaitPublished(own, 5);
            }
            alice.kill();
            alice.launch(Map.of(
                    "parley.trace.enabled",
                    "true",
                    "parley.trace.endpoint",
                    "http://127.0.0.1:" + collector.getLocalPort() + "/v1/traces"));
            alice.process().awaitReady();
            await().atMost(SOON).until(() -> alice.process().netLog().split("\"BRIDGE_CONNECTED\"", -1).length > 2);
            await().atMost(SOON).until(() -> bob.waiting() == 0);
            nats.freeze();
            bobSends(5, 8);
            await().atMost(SOON).until(() -> bob.waiting() == 0);
            bob.process().signal("STOP");
            alice.stop(Duration.ofSeconds(15));
            assertThat(alice.process().netLog()).contains("\"NODE_STOPPED\"");
        }
    }

    /** Prints figures; asserts only that all of it passes. Backlogs, so that the admin socket is not what is measured. */
    @Test
    @Tag("long")
    void measures() throws Exception {
        int many = 2_000;
        alice.kill();
        bobSends(0, many);
        nats.start();
        alice.startAgain();
        long begun = System.nanoTime();
        await().atMost(SOON).until(() -> bob.waiting() == 0);
        long delivered = System.nanoTime();
        try (Connection own = nats.connect()) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> own.jetStreamManagement()
                                    .getStreamInfo("ALICE_IN")
                                    .getStreamState()
                                    .getMsgCount()
                            == many);
            long published = System.nanoTime();
            for (int i = 0; i < many; i++) {
                order(own.jetStream(), "bob", "o" + i, Map.of());
            }
            await().atMost(SOON).until(() -> left(own) == 0 && alice.waiting() == 0);
            long taken = System.nanoTime();
            System.out.printf(
                    "%d messages of one peer: delivered in %d ms, all published after %d ms; as many orders, one by one, at"
                            + " the peer after %d ms%n",
                    many,
                    (delivered - begun) / 1_000_000,
                    (published - begun) / 1_000_000,
                    (taken - published) / 1_000_000);
        }
    }

    private void bobSends(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            Node.expect(202, bob.admin().post("/v1/messages", Map.of("to", "alice", "text", "m" + i)));
        }
    }

    private static void order(JetStream stream, String to, String text, Map<String, String> more) throws Exception {
        Headers headers = new Headers().put("Parley-To", to).put("Parley-Media-Type", "text/plain");
        more.forEach((name, value) -> headers.put(name, value));
        stream.publish("alice.out", headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What bob sent is in the stream, each once, in order: within JetStream's window its ids leave nothing twice. */
    private static void awaitPublished(Connection own, int count) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(published(own))
                        .isEqualTo(
                                IntStream.range(0, count).mapToObj(i -> "m" + i).toList()));
    }

    private static List<String> published(Connection own) throws Exception {
        var management = own.jetStreamManagement();
        long last = management.getStreamInfo("ALICE_IN").getStreamState().getLastSequence();
        List<String> texts = new ArrayList<>();
        for (long i = 1; i <= last; i++) {
            MessageInfo each = management.getMessage("ALICE_IN", i);
            if (each.getSubject().startsWith("alice.in.")) {
                texts.add(new String(each.getData(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private static String lastReason(Connection own) throws Exception {
        return own.jetStreamManagement()
                .getLastMessage("ALICE_IN", "alice.rejected")
                .getHeaders()
                .getFirst("Parley-Reason");
    }

    private static long left(Connection own) throws Exception {
        return own.jetStreamManagement()
                .getStreamInfo("ALICE_OUT")
                .getStreamState()
                .getMsgCount();
    }

    private long rejected() {
        return alice.process()
                .netLog()
                .lines()
                .filter(each -> each.contains("\"BRIDGE_REJECTED\""))
                .count();
    }

    private static Stream<String> metrics(Node node) throws Exception {
        int port = Node.expect(200, node.admin().get("/v1/status"))
                .get("managementPort")
                .asInt();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines();
        }
    }

    private static List<String> received(Node node) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode each :
                Node.expect(200, node.admin().get("/v1/history?limit=500")).get("entries")) {
            if (each.path("direction").asText().equals("IN")) {
                texts.add(each.path("text").asText());
            }
        }
        return texts;
    }
}
