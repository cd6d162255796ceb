package dev.parley.node.devmode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in dev mode: a class changes while they have a session, the node is loaded anew, and nothing is lost. */
@Tag("long")
@Timeout(900)
class DevModeIT {
    private static final String CLASS = "node/daemon/src/main/java/dev/parley/node/control/VersionResource.java";
    private static final Duration SOON = Duration.ofSeconds(90);
    /** Quarkus looks for changes at a request, if the last look is two seconds ago. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(2_500);

    @TempDir
    Path home;

    @Test
    void aChangedClassIsLoadedWhileASessionIsUp() throws Exception {
        try (DevNode alice = DevNode.launch(Files.createDirectory(home.resolve("alice")));
                DevNode bob = DevNode.launch(Files.createDirectory(home.resolve("bob")))) {
            alice.awaitReady();
            bob.awaitReady();
            meet(alice, bob);
            String session = awaitSession(alice, bob, "");
            send(alice.admin(), "bob", "before");

            // Whom the other dials: the session has to come back from her to him.
            alice.change(CLASS, "\"PSP/1\"", "\"PSP/1, loaded anew\"");
            awaitProtocol(alice, "PSP/1, loaded anew");
            session = awaitSession(alice, bob, session);
            send(alice.admin(), "bob", "after");
            send(bob.admin(), "alice", "back");

            // A class that does not compile: whoever asks is told so, and the correction is all it takes.
            alice.change(CLASS, "loaded anew\"", "broken");
            await("the compiler's words")
                    .atMost(SOON)
                    .pollInterval(BETWEEN_REQUESTS)
                    .until(() -> {
                        var reply = alice.admin().getText("/v1/version");
                        return reply.status() == 500 && reply.body().contains("VersionResource");
                    });
            String waiting = send(bob.admin(), "alice", "while alice is broken", "QUEUED");
            alice.change(CLASS, "broken", "mended\"");
            awaitProtocol(alice, "PSP/1, mended");
            awaitSession(alice, bob, session);
            await("what waited").atMost(SOON).until(() -> state(bob.admin(), waiting), "DELIVERED"::equals);

            assertThat(alice.netLog().lines().filter(line -> line.contains("\"event\":\"NODE_READY\"")))
                    .as("starts of alice, in one process")
                    .hasSize(3);
            assertThat(bob.netLog().lines().filter(line -> line.contains("\"event\":\"NODE_READY\"")))
                    .as("starts of bob, of whom nothing has changed")
                    .hasSize(1);
        }
    }

    private static void meet(DevNode alice, DevNode bob) throws IOException {
        var dial = alice.admin()
                .post("/v1/connections", Map.of("host", "127.0.0.1", "port", bob.port(), "acceptNew", false));
        assertThat(dial.body().path("state").asText()).as("%s", dial.body()).isEqualTo("AWAITING_APPROVAL");
        approve(bob, "alice");
        approve(alice, "bob");
    }

    private static void approve(DevNode node, String alias) {
        String pending = await().atMost(SOON)
                .until(() -> node.admin().get("/v1/peers").body(), peers -> peers.size() == 1)
                .get(0)
                .get("peerId")
                .asText();
        await().atMost(SOON)
                .until(
                        () -> node.admin()
                                .post("/v1/peers/" + pending + "/approve", Map.of("alias", alias))
                                .status(),
                        status -> status == 200);
    }

    private static void awaitProtocol(DevNode node, String expected) {
        await("the changed class").atMost(SOON).pollInterval(BETWEEN_REQUESTS).until(() -> {
            var reply = node.admin().getText("/v1/version");
            return reply.status() == 200 && reply.body().contains("\"protocol\":\"" + expected + "\"");
        });
    }

    private static String awaitSession(DevNode alice, DevNode bob, String before) {
        return await("a session")
                .atMost(SOON)
                .ignoreException(IOException.class)
                .until(
                        () -> {
                            Optional<String> session = session(alice.admin());
                            return session.equals(session(bob.admin())) ? session.orElse(before) : before;
                        },
                        session -> !session.equals(before));
    }

    private static Optional<String> session(AdminClient admin) throws IOException {
        JsonNode sessions = admin.get("/v1/sessions").body();
        return sessions.size() == 1 && sessions.get(0).path("state").asText().equals("UP")
                ? Optional.of(sessions.get(0).get("sessionId").asText())
                : Optional.empty();
    }

    private static void send(AdminClient from, String to, String text) throws IOException {
        send(from, to, text, "DELIVERED");
    }

    private static String send(AdminClient from, String to, String text, String state) throws IOException {
        String wait = state.equals("DELIVERED") ? "?wait=delivered&timeout=PT20S" : "";
        var reply = from.post("/v1/messages" + wait, Map.of("to", to, "text", text));
        assertThat(reply.body().path("summary").path(state).asInt())
                .as("%s", reply.body())
                .isEqualTo(1);
        return reply.body().get("id").asText();
    }

    private static String state(AdminClient admin, String message) throws IOException {
        var summary = admin.get("/v1/messages/" + message).body().path("summary");
        return summary.properties().isEmpty() ? "" : summary.fieldNames().next();
    }
}
