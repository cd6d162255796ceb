package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two live nodes with one identity are noticed by who knows both; a node that dies and comes back is not taken for two. */
@Tag("long")
@Timeout(300)
class DuplicateIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void twoLiveNodesWithOneIdentityAreToldAloudAndARestartIsNot() throws Exception {
        try (Pair pair = Pair.start(home, Map.of())) {
            String session = pair.awaitSession("", Pair.BACK_WITHIN);
            for (int i = 0; i < 2; i++) {
                pair.alice.kill();
                pair.alice.startAgain();
                session = pair.awaitSession(session, Pair.BACK_WITHIN);
            }
            pair.alice.send(Map.of("to", "bob", "text", "it is me again"));
            assertThat(pair.bob.process().netLog()).doesNotContain("DUPLICATE_IDENTITY");

            Path copy = Files.createDirectories(home.resolve("copy"));
            RotationIT.copyIdentity(pair.alice.home, copy);
            try (NodeProcess twin = NodeProcess.start(copy, Map.of())) {
                new AdminClient(twin.socket())
                        .post(
                                "/v1/connections",
                                Map.of("host", "127.0.0.1", "port", pair.bob.port(), "acceptNew", true, "keep", true));
                await().atMost(SOON)
                        .until(() -> pair.bob.process().netLog().contains("\"event\":\"DUPLICATE_IDENTITY\""));
                assertThat(pair.bob
                                .admin()
                                .get("/v1/peers/alice")
                                .body()
                                .path("warning")
                                .asText())
                        .contains("two live nodes");
                assertThat(pair.bob
                                .admin()
                                .get("/v1/status")
                                .body()
                                .path("warnings")
                                .toString())
                        .contains("alice", "two live nodes");
            }
        }
    }
}
