package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.node.testing.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container's node writes, as a whole process. */
class JsonLogIT {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @TempDir
    Path home;

    @Test
    void everyLineOnStdoutIsOneObjectInUtc() throws Exception {
        try (var node = NodeProcess.launch(
                home,
                Map.of(
                        "parley.listen.host", "127.0.0.1",
                        "parley.listen.port", "0",
                        "parley.identity.bits", "2048",
                        "user.timezone", "Asia/Kolkata",
                        "quarkus.log.console.json.enabled", "true",
                        "quarkus.log.console.stderr", "false"))) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> node.output().contains("health and metrics http") || !node.isAlive());
            assertThat(node.stop(Duration.ofSeconds(20))).isZero();
            List<JsonNode> lines = new ArrayList<>();
            for (String line : node.output().lines().toList()) {
                lines.add(JSON.readTree(line));
            }
            assertThat(lines).hasSizeGreaterThan(3).allSatisfy(line -> {
                assertThat(line.isObject()).isTrue();
                assertThat(line.get("message").isTextual()).isTrue();
                assertThat(line.get("level").asText()).isNotEmpty();
                assertThat(OffsetDateTime.parse(line.get("timestamp").asText()).getOffset())
                        .isEqualTo(ZoneOffset.UTC);
            });
            assertThat(lines)
                    .anySatisfy(line -> assertThat(line.get("message").asText()).startsWith("ready: "));
            assertThat(node.errors()).as("on stderr").isEmpty();
            assertThat(node.netLog().lines()).as("net.log, beside it").allMatch(line -> line.startsWith("{\"time\":"));
        }
    }
}
