package dev.parley.node.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.admin.ConnectRequest;
import dev.parley.admin.DoctorReport;
import dev.parley.admin.Finding;
import dev.parley.admin.FindingLevel;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.HostPort;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every check of the running node is seen to be well, and then seen to turn. */
@QuarkusTest
@TestProfile(DoctorTest.Profile.class)
class DoctorTest {
    private static final Duration AN_HOUR = Duration.ofHours(1);

    /** A few bad connections are enough to be held back. */
    public static class Profile extends TcpProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var settings = new HashMap<>(super.getConfigOverrides());
            settings.put("parley.penalty.threshold", "50");
            settings.put("parley.reconnect.min", "5m");
            settings.put("parley.reconnect.max", "5m");
            return settings;
        }
    }

    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @Inject
    PeerNetwork network;

    @Inject
    Store store;

    @Inject
    ParleyConfig config;

    @Inject
    NodeFacts facts;

    @AfterEach
    void clear() {
        live.clear();
        store.database().write(tx -> tx.update("DELETE FROM witness")).join();
        store.database().write(tx -> tx.update("DELETE FROM incoming")).join();
    }

    private static List<Finding> findings(String check) {
        List<Finding> found =
                given().get("/v1/doctor").then().statusCode(200).extract().as(DoctorReport.class).findings().stream()
                        .filter(each -> each.check().equals(check))
                        .toList();
        assertThat(found).as(check).isNotEmpty();
        return found;
    }

    private static Finding only(String check) {
        List<Finding> found = findings(check);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static void assertIs(String check, FindingLevel level) {
        assertThat(findings(check)).extracting(Finding::level).containsOnly(level);
    }

    @Test
    void theFilesOfTheNode() throws IOException {
        Path directory = config.dataDir();
        assertIs("data-directory", FindingLevel.OK);
        assertIs("address", FindingLevel.OK);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        Path key = directory.resolve("identity.pem");
        Path away = directory.resolve("identity.away");
        try {
            assertThat(only("data-directory").level()).isEqualTo(FindingLevel.PROBLEM);
            assertThat(only("data-directory").advice()).isEqualTo("chmod 700 '" + directory + "'");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
            assertThat(findings("data-directory")).extracting(Finding::subject).contains(key.toString());
            assertIs("identity", FindingLevel.OK);
            Files.move(key, away);
            assertThat(only("identity").level()).isEqualTo(FindingLevel.PROBLEM);
            assertThat(only("identity").text()).contains("identity.pem is gone");
        } finally {
            if (Files.exists(away)) {
                Files.move(away, key);
            }
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        assertIs("data-directory", FindingLevel.OK);
    }

    @Test
    void aKeyThatIsPrepared() {
        given().contentType("application/json")
                .post("/v1/identity/rotate")
                .then()
                .statusCode(200);
        assertIs("identity", FindingLevel.WARNING);
        given().delete("/v1/identity/next").then().statusCode(200);
        assertIs("identity", FindingLevel.OK);
    }

    @Test
    void aPeerThatCannotBeReached() throws Exception {
        assertIs("peers", FindingLevel.OK);
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        given().contentType("application/json")
                .body(new ConnectRequest("127.0.0.1", port, null, null, true))
                .post("/v1/connections");
        Finding down = only("peers");
        assertThat(down.level()).isEqualTo(FindingLevel.PROBLEM);
        assertThat(down.subject()).isEqualTo("127.0.0.1:" + port);
        assertThat(down.text())
                .contains("127.0.0.1:" + port + " cannot be reached")
                .contains("the last at ");
        given().delete("/v1/connections/127.0.0.1:" + port).then().statusCode(204);
        assertIs("peers", FindingLevel.OK);
    }

    @Test
    void whetherOthersGetThroughIsKnownOnlyFromOthers() {
        live.up("bob");
        assertIs("reachable", FindingLevel.UNKNOWN);
    }

    @Test
    void messagesForSomebodyWhoIsAwayAndNotDialed() {
        assertIs("outbox", FindingLevel.OK);
        var bob = live.up("bob");
        live.end(bob, LivePeers.ended(Ending.How.CLOSED, Failure.NORMAL));
        given().contentType("application/json")
                .body("{\"to\": \"bob\", \"text\": \"hi\"}")
                .post("/v1/messages")
                .then()
                .statusCode(202);
        assertThat(only("peers").level()).isEqualTo(FindingLevel.WARNING);
        assertThat(only("peers").text()).contains("1 messages wait for bob");
        assertIs("outbox", FindingLevel.OK);
        store.database()
                .write(tx -> tx.update(
                        "UPDATE outgoing SET created_at = ?", Instant.now().minus(AN_HOUR.multipliedBy(2))))
                .join();
        assertIs("outbox", FindingLevel.WARNING);
        for (int i = 0; i < 100; i++) {
            given().contentType("application/json")
                    .body("{\"to\": \"bob\", \"text\": \"hi\"}")
                    .post("/v1/messages");
        }
        assertThat(only("outbox").text()).contains("the outbox grows: 101 messages wait");
    }

    @Test
    void anotherKeyInAPeersPlace() {
        assertIs("keys", FindingLevel.OK);
        var bob = live.up("bob");
        peers.keyChanged(
                bob.id(), "bob.example:3001", LivePeers.identity("mallory", "").peerId());
        assertThat(only("keys").level()).isEqualTo(FindingLevel.PROBLEM);
        assertThat(only("keys").subject()).isEqualTo(bob.id().toString());
    }

    @Test
    void aPeerThatWaitsForApproval() {
        assertIs("approvals", FindingLevel.OK);
        peers.decide(
                LivePeers.identity("eve", ""),
                "192.0.2.9:1",
                Role.RESPONDER,
                event -> CompletableFuture.completedStage(null));
        assertIs("approvals", FindingLevel.WARNING);
    }

    @Test
    void aClockThatIsAhead() {
        assertIs("clock", FindingLevel.UNKNOWN);
        var bob = live.up("bob");
        message(bob, Instant.now());
        await().untilAsserted(() -> assertIs("clock", FindingLevel.OK));
        var carol = live.up("carol2");
        message(carol, Instant.now().plus(AN_HOUR));
        await().untilAsserted(() -> assertIs("clock", FindingLevel.WARNING));
        assertThat(only("clock").subject()).isEqualTo(carol.id().toString());
        assertThat(only("clock").text()).containsPattern("ahead of this node's by 3[56]\\d\\d seconds");
        // Alone against all: then it is this one.
        message(bob, Instant.now().plus(AN_HOUR));
        await().untilAsserted(
                        () -> assertThat(findings("clock").getFirst().level()).isEqualTo(FindingLevel.PROBLEM));
    }

    private void message(LivePeers.Live from, Instant sent) {
        live.receive(
                from,
                new Record.Message(
                        LivePeers.newMessageId(),
                        sent.toEpochMilli(),
                        Record.Scope.DIRECT,
                        "",
                        "text/plain",
                        "hi".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aLogThatContradictsItself() {
        assertIs("witness", FindingLevel.OK);
        byte[] peer = new byte[32];
        new Random().nextBytes(peer);
        store.database()
                .write(tx -> tx.update(
                        "INSERT INTO witness (peer, n, seq, hash, time, signature, came_at, evidence) VALUES (?, 1, 7, ?, ?, ?, ?, 1)",
                        peer,
                        new byte[32],
                        "2026-01-01T00:00:00.000000Z",
                        new byte[8],
                        Instant.now().minus(AN_HOUR)))
                .join();
        assertThat(only("witness").level()).isEqualTo(FindingLevel.PROBLEM);
        assertThat(only("witness").subject()).isEqualTo(PeerId.of(peer).toString());
    }

    @Test
    void anAddressThatIsHeldBack() throws IOException {
        assertIs("strangers", FindingLevel.OK);
        for (int i = 0; i < 100 && network.penalties().orElseThrow().heldBack() == 0; i++) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress("127.0.0.4", 0));
                socket.connect(new InetSocketAddress(
                        "127.0.0.1", HostPort.parse(network.listenAddress()).port()));
                socket.getOutputStream().write(new byte[] {(byte) 0xff, 0, 0, 1, 0});
                socket.getInputStream().readAllBytes();
            } catch (IOException reset) {
                // The node has hung up.
            }
        }
        assertThat(only("strangers").level()).isEqualTo(FindingLevel.WARNING);
        assertThat(only("strangers").subject()).isEqualTo("127.0.0.4");
        given().get("/v1/stats")
                .then()
                .body("heldBack", equalTo(1))
                .body("heldBackAddresses.address", contains("127.0.0.4"))
                .body("heldBackAddresses[0].trusted", equalTo(false));
    }

    @Test
    void whatIsAsItShouldBe() {
        assertIs("certificate", FindingLevel.OK);
        assertIs("audit-log", FindingLevel.OK);
        assertIs("discovery", FindingLevel.OK);
        assertIs("disk", FindingLevel.OK);
        // The key of tests is small.
        assertThat(only("settings").subject()).isEqualTo("parley.identity.bits");
    }

    @Test
    void theNodeInFigures() {
        long before = given().get("/v1/stats").then().extract().jsonPath().getLong("total.bytesSent");
        var bob = live.up("bob");
        given().get("/v1/stats")
                .then()
                .statusCode(200)
                .body("peerId", equalTo(facts.identity().peerId().toString()))
                .body("sessions.size()", equalTo(1))
                .body("total.bytesSent", equalTo((int) before + 11));
        live.end(bob, LivePeers.ended(Ending.How.CLOSED, Failure.NORMAL));
        given().get("/v1/stats")
                .then()
                .body("sessions.size()", equalTo(0))
                .body("total.bytesSent", equalTo((int) before + 11))
                .body("outbox.messages", equalTo(0));
        given().contentType("application/json")
                .body("{\"to\": \"bob\", \"text\": \"hi\"}")
                .post("/v1/messages")
                .then()
                .statusCode(202);
        given().get("/v1/stats").then().body("outbox.messages", equalTo(1)).body("outbox.oldest", notNullValue());
    }
}
