package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.message.Draft;
import dev.parley.node.message.Messages;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.testing.Strangers;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManySessionsTest.LetsAllIn.class)
class ManySessionsTest {

    private static final int SESSIONS = 500;

    /** All dials of a test come from one address, so its quotas are raised. */
    public static class LetsAllIn implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/many-sessions",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.trust.mode", "first-use",
                    "parley.handshake.unwraps.per-second", "100000",
                    "parley.handshake.unwraps.burst", "100000");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    SessionRegistry sessions;

    @Inject
    Messages messages;

    @Test
    void fiveHundredAtOnceEachWithItsOwnIdAndEachGetsItsMessage() throws Exception {
        int port = HostPort.parse(network.listenAddress()).port();
        Set<UUID> ids = new HashSet<>();
        Set<UUID> acknowledged = new HashSet<>();
        List<UUID> got = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        for (IdentityKey key : ThrowawayKeys.make(SESSIONS)) {
            Peer peer = Strangers.up(port, Strangers.settings(key), event -> {
                if (event instanceof ChannelEvent.Received received) {
                    switch (received.record()) {
                        case Record.Ack ack -> ack.entries().forEach(entry -> acknowledged.add(entry.id()));
                        case Record.Message message -> got.add(message.id());
                        default -> {}
                    }
                }
            });
            peers.add(peer);
            ids.add(peer.sessionId().orElseThrow());
        }
        assertThat(ids).hasSize(SESSIONS);
        assertThat(sessions.all()).extracting(Session::id).containsExactlyInAnyOrderElementsOf(ids);

        for (int i = 0; i < SESSIONS; i++) {
            Record.Message message = new Record.Message(
                    new UUID(0x0199_0000_0000_7000L | i, 0x8000_0000_0000_0000L | i),
                    System.currentTimeMillis(),
                    Record.Scope.DIRECT,
                    "",
                    "text/plain",
                    new byte[256]);
            assertThat(peers.get(i).send(message)).isTrue();
        }
        turnAllUntil(peers, () -> acknowledged.size() == SESSIONS);
        assertThat(acknowledged).hasSize(SESSIONS);

        Map<PeerId, Optional<String>> all =
                sessions.connected().stream().collect(Collectors.toMap(peer -> peer, peer -> Optional.empty()));
        Draft draft =
                new Draft(Record.Scope.BROADCAST, "", all, "text/plain", "to all".getBytes(), Messages.LONGEST_LIFE);
        UUID broadcast = messages.send(draft, false)
                .toCompletableFuture()
                .join()
                .message()
                .id();
        turnAllUntil(peers, () -> got.size() == SESSIONS);
        assertThat(got).hasSize(SESSIONS).containsOnly(broadcast);

        for (Peer peer : peers) {
            peer.abort();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> sessions.size() == 0);
    }

    private static void turnAllUntil(List<Peer> peers, BooleanSupplier done) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!done.getAsBoolean() && System.nanoTime() < deadline) {
            for (Peer peer : peers) {
                peer.turn(0);
            }
        }
    }
}
