package dev.parley.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.evidence.Finding;
import dev.parley.evidence.Finding.Kind;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged node: killed while it starts and works, stopped, and started with a log that is not the one it wrote. */
@Tag("long")
@Timeout(300)
class SealedNodeIT {
    private static final Map<String, String> SETTINGS =
            Map.of("parley.identity.bits", "2048", "parley.listen.host", "127.0.0.1", "parley.listen.port", "0");

    @TempDir
    Path home;

    @Test
    void itsLogVerifiesAfterEachKillAndNamesACutEnd() throws Exception {
        String peer;
        byte[] early;
        try (var node = NodeProcess.start(home, SETTINGS)) {
            peer = status(node).get("peerId").asText();
            node.kill();
            early = Files.readAllBytes(log());
            assertThat(broken(peer)).isEmpty();
        }
        var random = new Random();
        for (int kill = 0; kill < 5; kill++) {
            try (var node = NodeProcess.launch(home, SETTINGS)) {
                long until = System.nanoTime()
                        + random.nextLong(Duration.ofSeconds(3).toNanos());
                while (System.nanoTime() < until && node.isAlive()) {
                    Thread.onSpinWait();
                }
                node.kill();
                assertThat(broken(peer)).as("kill %d", kill).isEmpty();
            }
        }
        try (var node = NodeProcess.start(home, SETTINGS)) {
            assertThat(status(node).get("warnings")).isEmpty();
            assertThat(node.stop(Duration.ofSeconds(10))).isZero();
        }
        var report = LogVerifier.of(peer, List.of(), true).verify(List.of(LogFile.of(log())));
        assertThat(report.broken()).isEmpty();
        Files.write(log(), early);
        try (var node = NodeProcess.start(home, SETTINGS)) {
            assertThat(status(node).get("warnings").toString()).contains("the chain of net.log is broken");
            assertThat(node.stop(Duration.ofSeconds(10))).isZero();
        }
        assertThat(broken(peer)).extracting(Finding::kind).containsExactly(Kind.KEY_LOST);
    }

    /** The keys of the next checkpoint cannot be kept: the log counts as one that cannot be written. */
    @Test
    void aLogThatCannotBeSealedStopsTheNodeUntilItCan() throws Exception {
        try (var node = NodeProcess.start(home, SETTINGS)) {
            var obstacle = Files.createDirectories(home.resolve("data/audit.key.new/x"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> status(node).get("warnings").toString().contains("net.log cannot be written"));
            assertThat(node.errors()).contains("net.log cannot be written");
            var address = node.address();
            try (var socket = new Socket("127.0.0.1", Integer.parseInt(address.substring(address.indexOf(':') + 1)))) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().readAllBytes())
                        .as("no new session: REJECT, one byte, busy")
                        .containsExactly(0x0f, 0, 0, 1, 7);
            }
            Files.delete(obstacle);
            Files.delete(obstacle.getParent());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> status(node).get("warnings").isEmpty());
            assertThat(node.stop(Duration.ofSeconds(10))).isZero();
            assertThat(node.netLog()).contains("\"event\":\"AUDIT_RESUMED\",\"onFailure\":\"stop\"");
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode status(NodeProcess node) throws IOException {
        return new AdminClient(node.socket()).get("/v1/status").body();
    }

    private List<Finding> broken(String peer) throws IOException {
        return LogVerifier.of(peer, List.of(), false)
                .verify(List.of(LogFile.of(log())))
                .broken();
    }

    private Path log() {
        return home.resolve("data/net.log");
    }
}
