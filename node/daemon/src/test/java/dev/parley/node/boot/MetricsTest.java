package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.node.audit.AuditEvent;
import dev.parley.node.message.Draft;
import dev.parley.node.message.Messages;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A node that something happens to, as Prometheus sees it. */
@QuarkusTest
@TestProfile(MetricsTest.Watched.class)
class MetricsTest {
    /** Not that of an earlier run, which may have ended in the middle of a test. */
    private static final Path DATA =
            Path.of("target", "metrics-" + ProcessHandle.current().pid());

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static class Watched implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", DATA.toString(),
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.audit.verify-every", "1s",
                    "parley.audit.strangers.window", "1s",
                    "parley.audit.strangers.connections", "2",
                    "parley.penalty.threshold", "100000",
                    // Nobody is there: that the bridge has no connection is seen as well.
                    "parley.bridge.enabled", "true",
                    "parley.bridge.url", "nats://127.0.0.1:1");
        }
    }

    @Inject
    NodeLifecycle lifecycle;

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    @Inject
    Messages messages;

    @Test
    void everyMetricIsInTheListAndTheListIsAllThereIs() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            expected.put(metric.scraped, metric.type.name().toLowerCase(Locale.ROOT));
            if (metric.type == Metric.Type.HISTOGRAM) {
                expected.put(metric.scraped + "_max", "gauge");
            }
        }
        // The one that is there only once something was left out.
        flood(10);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = scrape();
            Map<String, String> found = new TreeMap<>(scrape.types);
            found.keySet().removeIf(name -> !name.startsWith("parley_"));
            assertThat(found).isEqualTo(expected);
        });
        Scrape scrape = scrape();
        for (Metric metric : Metric.values()) {
            String name = metric.scraped + (metric.type == Metric.Type.HISTOGRAM ? "_count" : "");
            List<Scrape.Sample> samples = scrape.samples.stream()
                    .filter(each -> each.name().equals(name))
                    .toList();
            assertThat(samples)
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.labels().keySet())
                            .as(name)
                            .containsExactlyInAnyOrderElementsOf(metric.labels));
        }
        assertThat(scrape.types.keySet())
                .as("what METRICS.md says of the JVM")
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_files_open_files",
                        "process_files_max_files",
                        "process_cpu_usage",
                        "process_uptime_seconds",
                        "system_cpu_count");
        assertThat(scrape.samples.stream().filter(each -> each.name().startsWith("parley_")))
                .as("series: METRICS.md says about 600")
                .hasSizeLessThan(700);
        assertThat(scrape.value("parley_node_info")).contains(1.0);
        assertThat(scrape.value("parley_direct_memory_bytes").orElseThrow()).isPositive();
        assertThat(scrape.value("parley_bridge_connected")).contains(0.0);
        assertThat(scrape.value("parley_audit_verify_every_seconds")).contains(1.0);
    }

    @Test
    void whatHasNotHappenedIsCountedAsNever() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(AuditEvent.types())
                    .allSatisfy(type -> assertThat(scrape.value(
                                    "parley_events_total",
                                    "event",
                                    AuditEvent.EventName.of(type),
                                    "level",
                                    AuditEvent.levelOf(type).name()))
                            .isPresent());
        });
        assertThat(scrape().value("parley_events_total", "event", "TAMPERING")).contains(0.0);
    }

    @Test
    void aSessionItsMessagesAndItsEndAreSeen() throws Exception {
        ChannelSettings friend = Strangers.stranger(Suite.A256GCM);
        PeerId id = friend.identity().peerId();
        peers.introduce(id, Optional.of("friend"), List.of());
        Scrape before = scrape();

        UUID queued = send(id);
        moved(before, 1, "parley_messages_total", "state", "queued");
        moved(before, 1, "parley_outbox_messages");
        moved(before, 5, "parley_outbox_bytes");
        moved(before, 1, "parley_deliveries", "state", "queued");
        await().atMost(PATIENCE)
                .until(() -> scrape().value("parley_outbox_oldest_age_seconds").orElseThrow() > 0);

        List<Record.Message> came = new ArrayList<>();
        List<UUID> acknowledged = new ArrayList<>();
        Consumer<ChannelEvent> listener = event -> {
            if (event instanceof ChannelEvent.Received received) {
                switch (received.record()) {
                    case Record.Message message -> came.add(message);
                    case Record.Ack ack -> ack.entries().forEach(entry -> acknowledged.add(entry.id()));
                    default -> {}
                }
            }
        };
        try (Peer peer = Strangers.up(port(), friend, listener)) {
            turnUntil(peer, () -> !came.isEmpty());
            assertThat(came.getFirst().id()).isEqualTo(queued);
            moved(before, 1, "parley_sessions", "state", "up", "suite", "A256GCM");
            moved(before, 1, "parley_sessions_opened_total", "role", "responder");
            moved(before, 1, "parley_handshakes_total", "role", "responder", "outcome", "completed");
            moved(before, 1, "parley_handshake_seconds_count", "role", "responder");
            moved(before, 1, "parley_messages_total", "state", "sent");
            moved(before, 5, "parley_message_bytes_total", "direction", "out");
            peer.send(new Record.Ack(List.of(new Record.AckEntry(queued, Record.AckStatus.STORED))));
            turnUntil(peer, () -> moves(before, "parley_messages_total", "state", "delivered") == 1);
            moved(before, 1, "parley_acknowledgement_seconds_count");
            moved(before, 1, "parley_delivery_seconds_count");
            moved(before, 0, "parley_outbox_messages");
            await().atMost(PATIENCE)
                    .until(() ->
                            scrape().value("parley_outbox_oldest_age_seconds").orElseThrow() == 0);

            var message = new Record.Message(
                    new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L | System.nanoTime() >>> 2),
                    System.currentTimeMillis(),
                    Record.Scope.DIRECT,
                    "",
                    "text/plain",
                    new byte[100]);
            for (int times = 1; times <= 2; times++) {
                int expected = times;
                peer.send(message);
                turnUntil(peer, () -> acknowledged.size() == expected);
            }
            moved(before, 2, "parley_messages_total", "state", "received");
            moved(before, 1, "parley_messages_total", "state", "duplicate");
            moved(before, 200, "parley_message_bytes_total", "direction", "in");
            moved(before, 1, "parley_inbox_unread_messages");
            assertThat(moves(before, "parley_connection_bytes_total", "direction", "in"))
                    .isGreaterThan(200);
            assertThat(moves(before, "parley_connection_bytes_total", "direction", "out"))
                    .isGreaterThan(100);
        }
        await().atMost(PATIENCE).until(() -> moves(before, "parley_sessions_ended_total", "reason", "normal") == 1);
        moved(before, 0, "parley_sessions", "state", "up", "suite", "A256GCM");
        assertThat(moves(before, "parley_store_commit_seconds_count")).isGreaterThanOrEqualTo(3);
        assertThat(moves(before, "parley_audit_lines_total")).isGreaterThan(8);
        assertThat(moves(before, "parley_events_total", "event", "SESSION_UP", "level", "INFO"))
                .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> moves(before, "parley_event_loop_lag_seconds_count") > 0);
    }

    @Test
    void whatIsRefusedIsCountedByReasonAndWhatWasLeftOutOfTheLogToo() throws Exception {
        Scrape before = scrape();
        Peer stranger = Strangers.dial(port(), Strangers.stranger(Suite.A256CBC_HS512), event -> {});
        Strangers.turnUntilEnded(stranger, 10_000);
        stranger.abort();
        await().atMost(PATIENCE)
                .until(() -> moves(before, "parley_sessions_refused_total", "reason", "awaiting-approval") == 1);
        moved(before, 1, "parley_peers", "state", "pending");

        flood(10);
        await().atMost(PATIENCE)
                .until(() -> moves(before, "parley_handshakes_total", "role", "responder", "outcome", "failed") == 10);
        assertThat(moves(before, "parley_handshake_failures_total", "reason", "malformed"))
                .as("told one by one")
                .isBetween(1.0, 9.0);
        assertThat(moves(before, "parley_events_left_out_total", "event", "HANDSHAKE_FAILED"))
                .isBetween(1.0, 9.0);
    }

    @Test
    void theNodeVerifiesItsLogAndSaysSoWhenSomebodyHasChangedIt() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(scrape.value("parley_audit_verified_timestamp_seconds").orElseThrow())
                    .isGreaterThan(System.currentTimeMillis() / 1_000.0 - 60);
            assertThat(scrape.value("parley_audit_chain_intact")).contains(1.0);
            assertThat(scrape.value("parley_audit_sealed_timestamp_seconds").orElseThrow())
                    .isPositive();
        });
        Path log = DATA.resolve("net.log");
        byte[] whole = Files.readAllBytes(log);
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\"NODE_STARTED\"") + 1;
        try (var file = java.nio.channels.FileChannel.open(log, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[] {'M'}), at);
            await().atMost(PATIENCE)
                    .until(() -> scrape().value("parley_audit_chain_intact").equals(Optional.of(0.0)));
            assertThat(scrape().value("parley_events_total", "event", "LOG_NOT_INTACT", "level", "ALARM")
                            .orElse(0.0))
                    .isPositive();
            file.write(java.nio.ByteBuffer.wrap(new byte[] {'N'}), at);
        }
        await().atMost(PATIENCE)
                .until(() -> scrape().value("parley_audit_chain_intact").equals(Optional.of(1.0)));
    }

    private UUID send(PeerId to) {
        var draft = new Draft(
                Record.Scope.DIRECT,
                "",
                Map.of(to, Optional.empty()),
                "text/plain",
                "hello".getBytes(StandardCharsets.UTF_8),
                Messages.LONGEST_LIFE);
        return messages.send(draft, false)
                .toCompletableFuture()
                .join()
                .message()
                .id();
    }

    /** Connections that end in a failed handshake, one after the other. */
    private void flood(int connections) throws Exception {
        for (int i = 0; i < connections; i++) {
            try (Socket socket = new Socket("127.0.0.1", port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(new byte[] {(byte) 0xff, 0, 0, 1, 0});
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        }
    }

    private int port() {
        return Integer.parseInt(network.listenAddress().replaceAll(".*:", ""));
    }

    private Scrape scrape() throws Exception {
        return Scrape.of(lifecycle.managementPort().orElseThrow());
    }

    private double moves(Scrape before, String name, String... labels) throws Exception {
        return scrape().value(name, labels).orElse(0.0)
                - before.value(name, labels).orElse(0.0);
    }

    /** Waits until a value is by so much more than it was. */
    private void moved(Scrape before, double by, String name, String... labels) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(moves(before, name, labels))
                        .as(name + " " + List.of(labels))
                        .isEqualTo(by));
    }

    private static void turnUntil(Peer peer, java.util.concurrent.Callable<Boolean> done) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            peer.turn(10);
        }
    }
}
