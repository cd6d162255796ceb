package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of peers that the operator has not met, with the quotas that a node has by default. */
@QuarkusTest
@TestProfile(StrangersTest.Approves.class)
class StrangersTest {

    public static class Approves implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/strangers",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.trust.pending-per-address", "1000",
                    "parley.handshake.deadline", "5s");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    SessionRegistry sessions;

    @Inject
    KnownPeers peers;

    private int port;

    @BeforeEach
    void findPort() {
        port = HostPort.parse(network.listenAddress()).port();
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void anUnknownPeerIsListedAndGetsInOnceApproved(Suite suite) throws Exception {
        ChannelSettings stranger = Strangers.stranger(suite);
        PeerId id = stranger.identity().peerId();

        assertThat(endingOf(stranger)).satisfies(ending -> {
            assertThat(ending.how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
            assertThat(ending.failure()).isEqualTo(Failure.AWAITING_APPROVAL);
        });
        assertThat(peers.get(id).orElseThrow().state()).isEqualTo(PeerState.PENDING);
        assertThat(sessions.of(id)).isEmpty();

        peers.approve(id, Optional.empty());
        try (Peer peer = Strangers.up(port, stranger, event -> {})) {
            assertThat(sessions.of(id)).hasSize(1);
            assertThat(sessions.byId(peer.sessionId().orElseThrow())).isPresent();
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> sessions.of(id).isEmpty());
    }

    @Test
    void blockingEndsALiveSessionAndKeepsThePeerOut() throws Exception {
        ChannelSettings stranger = Strangers.stranger(Suite.A256GCM);
        PeerId id = stranger.identity().peerId();
        peers.introduce(id, Optional.empty(), List.of());
        Peer peer = Strangers.up(port, stranger, event -> {});
        peers.block(id);
        Strangers.turnUntilEnded(peer, 5_000);
        assertThat(peer.ending().orElseThrow().failure()).isEqualTo(Failure.BLOCKED);
        assertThat(endingOf(stranger).failure()).isEqualTo(Failure.BLOCKED);
    }

    @Test
    void theNodeWithTheLowerIdClosesTheOlderOfTwoSessions() throws Exception {
        ChannelSettings stranger = strangerWhose(id -> id.compareTo(network.self()) > 0);
        PeerId id = stranger.identity().peerId();
        Peer older = Strangers.up(port, stranger, event -> {});
        Peer newer = Strangers.up(port, stranger, event -> {});
        Strangers.turnUntilEnded(older, 5_000);
        assertThat(older.ending().orElseThrow().failure()).isEqualTo(Failure.REPLACED);
        await().atMost(Duration.ofSeconds(5)).until(() -> sessions.of(id).size() == 1);
        newer.turn(10);
        assertThat(newer.isUp()).isTrue();
        newer.close();
    }

    @Test
    void theNodeWithTheHigherIdKeepsBothUntilThePeerDecides() throws Exception {
        ChannelSettings stranger = strangerWhose(id -> id.compareTo(network.self()) < 0);
        PeerId id = stranger.identity().peerId();
        Peer older = Strangers.up(port, stranger, event -> {});
        Peer newer = Strangers.up(port, stranger, event -> {});
        assertThat(sessions.of(id)).hasSize(2);
        older.turn(10);
        assertThat(older.isUp()).isTrue();
        older.close();
        newer.close();
        await().atMost(Duration.ofSeconds(5)).until(() -> sessions.of(id).isEmpty());
    }

    @Test
    void connectionsThatSayNothingDoNotKeepAnHonestPeerOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            silent.add(new Socket("127.0.0.1", port));
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> network.halfOpen() <= 32);
        ChannelSettings honest = Strangers.stranger(Suite.A256GCM);
        peers.introduce(honest.identity().peerId(), Optional.empty(), List.of());
        try (Peer peer = Strangers.up(port, honest, event -> {})) {
            assertThat(peer.isUp()).isTrue();
        }
        for (Socket socket : silent) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> network.halfOpen() == 0);
    }

    /** A trusted stranger with an id as wanted; how many ids will do depends on the node's own, which is random. */
    private ChannelSettings strangerWhose(Predicate<PeerId> wanted) {
        ChannelSettings stranger = Stream.generate(() -> ThrowawayKeys.make(100))
                .limit(100)
                .flatMap(List::stream)
                .filter(key -> wanted.test(key.peerId()))
                .findFirst()
                .map(Strangers::settings)
                .orElseThrow();
        peers.introduce(stranger.identity().peerId(), Optional.empty(), List.of());
        return stranger;
    }

    private Ending endingOf(ChannelSettings settings) throws Exception {
        Peer peer = Strangers.dial(port, settings, event -> {});
        Strangers.turnUntilEnded(peer, 10_000);
        peer.abort();
        return peer.ending().orElseThrow();
    }
}
