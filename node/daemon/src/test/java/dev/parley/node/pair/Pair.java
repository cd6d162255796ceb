package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Alice, who keeps a connection to bob, and bob: two processes whose operators have approved each other. */
final class Pair implements AutoCloseable {
    static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofSeconds(20);

    final Member alice;
    final Member bob;

    private Pair(Member alice, Member bob) {
        this.alice = alice;
        this.bob = bob;
    }

    /** One of the two. Its process may be killed and another take its place, at the same address, on the same data. */
    static final class Member implements AutoCloseable {
        final Path home;
        private final Map<String, String> settings;
        private NodeProcess process;

        private Member(Path home, Map<String, String> settings) throws IOException {
            this.home = Files.createDirectory(home);
            this.settings = new HashMap<>(settings);
            process = NodeProcess.start(home, settings);
            this.settings.put("parley.listen.port", Integer.toString(port()));
        }

        AdminClient admin() {
            return new AdminClient(process.socket());
        }

        NodeProcess process() {
            return process;
        }

        int port() {
            String address = process.address();
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        }

        /** SIGKILL. */
        void kill() throws InterruptedException {
            process.kill();
        }

        void startAgain() throws IOException {
            process = NodeProcess.start(home, settings);
        }

        /** Starts and dies at a point, as by SIGKILL. */
        void dieAt(CrashPoint point) throws IOException, InterruptedException {
            var all = new HashMap<>(settings);
            all.put("parley.listen.host", "127.0.0.1");
            all.put(CrashPoint.PROPERTY, point.name());
            try (NodeProcess dying = NodeProcess.launch(home, all)) {
                assertThat(dying.awaitExit(Duration.ofSeconds(60)))
                        .as("%s: %s", point, dying.errors())
                        .isEqualTo(137);
            }
        }

        String peerId() throws IOException {
            return admin().get("/v1/identity").body().get("peerId").asText();
        }

        /** The id of the one session that is up, if there is exactly one. */
        Optional<String> session() throws IOException {
            JsonNode sessions = admin().get("/v1/sessions").body();
            return sessions.size() == 1 && sessions.get(0).get("state").asText().equals("UP")
                    ? Optional.of(sessions.get(0).get("sessionId").asText())
                    : Optional.empty();
        }

        /** Sends and waits until it is acknowledged. */
        void send(Map<String, ?> message) throws IOException {
            var reply = admin().post("/v1/messages?wait=delivered&timeout=PT20S", message);
            assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
            assertThat(reply.body().get("summary").properties())
                    .as("deliveries")
                    .singleElement()
                    .satisfies(state -> assertThat(state.getKey()).isEqualTo("DELIVERED"));
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** Starts both, and returns once they have a session. */
    static Pair start(Path home, Map<String, String> settings) throws IOException {
        return start(home, settings, Map.of());
    }

    /** The same. @param bobs settings of bob alone */
    static Pair start(Path home, Map<String, String> settings, Map<String, String> bobs) throws IOException {
        var all = new HashMap<>(Map.of("parley.identity.bits", "2048"));
        all.putAll(settings);
        var alice = new Member(home.resolve("alice"), all);
        try {
            var bobsAll = new HashMap<>(all);
            bobsAll.putAll(bobs);
            var pair = new Pair(alice, new Member(home.resolve("bob"), bobsAll));
            pair.meet();
            return pair;
        } catch (IOException | RuntimeException | Error e) {
            alice.close();
            throw e;
        }
    }

    /** Waits until both have the same one session, which is another than {@code before}. @return its id */
    String awaitSession(String before, Duration within) {
        return await().atMost(within)
                .ignoreException(IOException.class)
                .until(
                        () -> {
                            Optional<String> session = alice.session();
                            return session.equals(bob.session()) ? session.orElse(before) : before;
                        },
                        session -> !session.equals(before));
    }

    private void meet() throws IOException {
        var dial = alice.admin()
                .post("/v1/connections", Map.of("host", "127.0.0.1", "port", bob.port(), "acceptNew", false));
        assertThat(dial.body().path("state").asText()).as("%s", dial.body()).isEqualTo("AWAITING_APPROVAL");
        approve(bob, "alice");
        approve(alice, "bob");
        awaitSession("", SOON);
    }

    private static void approve(Member member, String alias) {
        String pending = await().atMost(SOON)
                .until(() -> member.admin().get("/v1/peers").body(), peers -> peers.size() == 1)
                .get(0)
                .get("peerId")
                .asText();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(member.admin()
                                .post("/v1/peers/" + pending + "/approve", Map.of("alias", alias))
                                .status())
                        .isEqualTo(200));
    }

    @Override
    public void close() {
        alice.close();
        bob.close();
    }
}
