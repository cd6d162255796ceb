package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.admin.AdminApi;
import dev.parley.admin.NodeEvent;
import dev.parley.node.audit.AdminEvent.AdminCommand;
import dev.parley.node.audit.AdminEvent.AdminStreamDropped;
import dev.parley.node.config.ParleyConfig;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The unix domain socket itself: what a test over TCP cannot see. */
@QuarkusTest
@TestProfile(SocketTest.Profile.class)
@Timeout(60)
class SocketTest {
    @Inject
    ParleyConfig config;

    @Inject
    EventStream events;

    @Inject
    CapturedAudit audit;

    private Path socket;

    @BeforeEach
    void start() {
        audit.clear();
        socket = config.admin().socket();
    }

    @Test
    void onlyTheOwnerMayOpenIt() throws Exception {
        await().untilAsserted(() -> assertThat(permissions(socket)).isEqualTo("rw-------"));
        assertThat(permissions(socket.getParent())).isEqualTo("rwx------");
    }

    @Test
    void theKernelKeepsOthersOut() throws Exception {
        Assumptions.assumeTrue(TcpCallerIdentity.OWN.uid() == 0, "only root can become another user");
        await().untilAsserted(() -> assertThat(permissions(socket)).isEqualTo("rw-------"));
        // As far as the socket itself: its directories let everybody through.
        for (Path each = socket.getParent(); each.getNameCount() > 1; each = each.getParent()) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        var curl = new ProcessBuilder(
                        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "--unix-socket")
                .redirectErrorStream(true);
        curl.command().addAll(List.of(socket.toString(), "http://node/v1/version"));
        Process process = curl.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("{");
        assertThat(process.waitFor()).as("curl: could not connect").isEqualTo(7);
        assertThat(audit.of(AdminCommand.class)).isEmpty();
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theKernelSaysWhoCalls() throws Exception {
        try (var client = new AdminSocket(socket)) {
            client.send("GET /v1/version HTTP/1.1\nHost: node\nConnection: close\n\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK").contains("\"protocol\":\"PSP/1\"");
        }
        var own = TcpCallerIdentity.OWN;
        await().until(() -> !audit.of(AdminCommand.class).isEmpty());
        assertThat(audit.of(AdminCommand.class)).singleElement().satisfies(command -> {
            assertThat(command.uid()).isEqualTo(own.uid());
            assertThat(command.gid()).isEqualTo(((Integer) Files.getAttribute(socket, "unix:gid")));
            assertThat(command.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(command.method()).isEqualTo("GET");
            assertThat(command.path()).isEqualTo("/v1/version");
            assertThat(command.status()).isEqualTo(200);
        });
    }

    @Test
    void aPostWithoutABodyNeedsNoMediaType() throws Exception {
        try (var client = new AdminSocket(socket)) {
            client.send("POST /v1/peers/nobody/approve HTTP/1.1\nHost: node\nConnection: close\n\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 404").contains("\"code\":\"peer-not-found\"");
        }
    }

    @Test
    void anEventReachesWhoeverFollows() throws Exception {
        try (var client = follow("")) {
            events.publish(new NodeEvent.PeerForgotten(Instant.EPOCH, "pppp", "bob"));
            assertThat(client.readUntil("bob\"}\n"))
                    .contains("{\"type\":\"peer-forgotten\",\"at\":\"1970-01-01T00:00:00Z\",\"peerId\":\"pppp\","
                            + "\"alias\":\"bob\"}");
        }
    }

    @Test
    void onlyTheKindsThatAreWantedReachIt() throws Exception {
        try (var client = follow("?types=peer-blocked,peer-forgotten")) {
            events.publish(new NodeEvent.PeerKeyChanged(Instant.EPOCH, "bob", "h:1", "a", "b"));
            events.publish(new NodeEvent.PeerForgotten(Instant.EPOCH, "pppp", "bob"));
            assertThat(client.readUntil("bob\"}\n")).doesNotContain("peer-key-changed");
        }
    }

    @Test
    void theNodeStoppingEndsTheStream() throws Exception {
        try (var client = follow("")) {
            events.publish(new NodeEvent.NodeStopping(Instant.EPOCH));
            // With the end of the chunked body: the stream ended, not just the connection.
            assertThat(client.readToEnd()).endsWith("\r\n0\r\n\r\n").contains("node-stopping");
        }
    }

    @Test
    void aSlowReaderIsToldAndDroppedAndNobodyWaitsForIt() throws Exception {
        try (var slow = follow("");
                var quick = follow("")) {
            Duration longest = flood(() -> quick.readUntil("\"type\""));
            assertThat(longest).isLessThan(Duration.ofSeconds(1));
            assertThat(slow.readToEnd())
                    .endsWith("\r\n0\r\n\r\n")
                    .contains("\"type\":\"notice\"")
                    .contains("\"code\":\"slow-reader\"");
            events.publish(new NodeEvent.PeerForgotten(Instant.EPOCH, "still-served", null));
            quick.readUntil("still-served");
        }
        assertThat(audit.of(AdminStreamDropped.class)).singleElement().satisfies(dropped -> {
            assertThat(dropped.uid()).isEqualTo(TcpCallerIdentity.OWN.uid());
            assertThat(dropped.stream()).isEqualTo("/v1/events");
            assertThat(dropped.undelivered()).isPositive();
        });
    }

    @Test
    void aReaderThatNeverReadsAgainLosesItsConnection() throws Exception {
        try (var stalled = follow("")) {
            fillUntilStalled();
            flood(() -> "");
            await().atMost(EventResource.GRACE.plusSeconds(10)).until(() -> events.streams() == 0);
            assertThat(stalled.readToEnd()).doesNotContain("slow-reader");
        }
    }

    @Test
    void aReaderThatGoesIsForgotten() throws Exception {
        follow("").close();
        // Well before the next heartbeat would fail.
        await().atMost(Duration.ofSeconds(AdminApi.HEARTBEAT_SECONDS / 2)).until(() -> events.streams() == 0);
    }

    private AdminSocket follow(String query) throws Exception {
        var client = new AdminSocket(socket).send("GET /v1/events" + query + " HTTP/1.1\nHost: node\n\n");
        String head = client.readUntil("\"heartbeat\"");
        assertThat(head).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("content-type: application/x-ndjson");
        return client;
    }

    /** Publishes events until a reader is dropped; the longest time that one took. */
    private Duration flood(Step afterEach) throws Exception {
        var longest = Duration.ZERO;
        String big = "x".repeat(200_000);
        for (int i = 0; i < 1000 && audit.of(AdminStreamDropped.class).isEmpty(); i++) {
            long start = System.nanoTime();
            events.publish(new NodeEvent.PeerForgotten(Instant.EPOCH, big, null));
            var took = Duration.ofNanos(System.nanoTime() - start);
            longest = took.compareTo(longest) > 0 ? took : longest;
            afterEach.run();
        }
        assertThat(audit.of(AdminStreamDropped.class)).isNotEmpty();
        return longest;
    }

    /** Publishes until what is published stays with the node: the buffers on the way to the reader are full. */
    private void fillUntilStalled() throws Exception {
        String big = "x".repeat(200_000);
        while (true) {
            events.publish(new NodeEvent.PeerForgotten(Instant.EPOCH, big, null));
            try {
                await().atMost(Duration.ofSeconds(1)).until(() -> events.waiting() == 0);
            } catch (ConditionTimeoutException stalled) {
                return;
            }
        }
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private interface Step {
        String run() throws Exception;
    }

    /** The socket in place of TCP. */
    public static class Profile extends TcpProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var settings = new HashMap<>(super.getConfigOverrides());
            settings.put("quarkus.http.host-enabled", "false");
            settings.put("quarkus.http.domain-socket-enabled", "true");
            return settings;
        }
    }
}
