package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bench.Peer;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Suite;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What net.log tells of connections that prove nothing, and of one that does, from the same address. */
@QuarkusTest
@TestProfile(FloodTest.Flooded.class)
class FloodTest {

    private static final Path NET_LOG = Path.of("target/flood/net.log");
    private static final int STRANGERS = 200;
    private static final int IN_FULL = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    public static class Flooded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/flood",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    // All come from one address here, the honest one too.
                    "parley.penalty.threshold", "1000000",
                    "parley.audit.strangers.window", "2s",
                    "parley.audit.strangers.connections", Integer.toString(IN_FULL));
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    private int port;
    private long before;

    @BeforeEach
    void findPort() throws IOException {
        port = HostPort.parse(network.listenAddress()).port();
        before = lines(0).getLast().get("seq").asLong();
    }

    @Test
    void aFloodIsAFewLinesAndTheHonestPeerInItIsToldWhole() throws Exception {
        ChannelSettings honest = Strangers.stranger(Suite.A256GCM);
        peers.introduce(honest.identity().peerId(), Optional.empty(), List.of());
        flood(STRANGERS / 2);
        try (Peer peer = Strangers.up(port, honest, event -> {})) {
            assertThat(peer.isUp()).isTrue();
        }
        flood(STRANGERS / 2);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(told() + leftOut("connectionsClosed"))
                        .as("closed connections, told or summed up")
                        .isEqualTo(STRANGERS + 1));
        assertThat(leftOut("connectionsOpened")).isEqualTo(leftOut("connectionsClosed"));
        assertThat(leftOut("handshakesFailed")).isEqualTo(leftOut("connectionsClosed"));
        List<JsonNode> sums = of("STRANGERS_SUPPRESSED");
        assertThat(sums).allSatisfy(sum -> {
            assertThat(sum.get("source").asText()).isEqualTo("127.0.0.1");
            assertThat(sum.get("level").asText()).isEqualTo("WARN");
            assertThat(sum.get("first").asText())
                    .isLessThanOrEqualTo(sum.get("last").asText());
        });
        assertThat(told()).as("told in full").isLessThanOrEqualTo(IN_FULL * (sums.size() + 1) + 1);

        long number = of("SESSION_UP").getFirst().get("connection").asLong();
        assertThat(eventsOf(number))
                .contains("CONNECTION_OPENED", "HANDSHAKE_STARTED", "HANDSHAKE_COMPLETED", "CONNECTION_CLOSED");
    }

    /** Connections that end in a failed handshake, one after the other. */
    private void flood(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(new byte[] {(byte) 0xff, 0, 0, 1, 0});
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        }
    }

    private long told() throws IOException {
        return of("CONNECTION_CLOSED").size();
    }

    private long leftOut(String field) throws IOException {
        return of("STRANGERS_SUPPRESSED").stream()
                .mapToLong(sum -> sum.get(field).asLong())
                .sum();
    }

    private Set<String> eventsOf(long connection) throws IOException {
        return lines(before).stream()
                .filter(line -> line.path("connection").asLong() == connection)
                .map(line -> line.get("event").asText())
                .collect(Collectors.toSet());
    }

    private List<JsonNode> of(String event) throws IOException {
        return lines(before).stream()
                .filter(line -> line.get("event").asText().equals(event))
                .toList();
    }

    /** The whole lines after a number. */
    private static List<JsonNode> lines(long after) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        String text = Files.readString(NET_LOG);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            JsonNode json = JSON.readTree(line);
            if (json.get("seq").asLong() > after) {
                lines.add(json);
            }
        }
        return lines;
    }
}
