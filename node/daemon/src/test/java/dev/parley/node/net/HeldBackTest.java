package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.AddressKey;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** Strangers from one address do all that costs the node something, while an honest peer of another one comes and goes. */
@Tag("long")
@QuarkusTest
@TestProfile(HeldBackTest.Node.class)
@Timeout(180)
class HeldBackTest {

    private static final Path NET_LOG = Path.of("target/held-back/net.log");
    private static final String FLOODS = "127.0.0.2";
    private static final String HONEST = "127.0.0.3";
    private static final String SHARED = "127.0.0.4";
    private static final int HANDSHAKES = 15;
    /** So long an honest peer stays: ten dials a second would use up the quota of its address. */
    private static final long STAY_MILLIS = 120;

    private static final long WITHIN_MILLIS = 10_000;
    private static final int HELLO_BODY = 1_219;

    public static class Node implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/held-back",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.trust.pending-per-address", "1000");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    private final AtomicLong attempts = new AtomicLong();
    private volatile boolean flooding = true;
    private int port;
    private Penalties penalties;

    @BeforeEach
    void find() {
        port = HostPort.parse(network.listenAddress()).port();
        penalties = network.penalties().orElseThrow();
    }

    @Test
    void aFloodFromOneAddressIsHeldBackAndAnotherAddressComesThrough(TestReporter reporter) throws Exception {
        ChannelSettings honest = trusted();
        List<IdentityKey> unknown = ThrowawayKeys.make(40);
        long quiet = median(honest);
        long flooded;
        try (ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                attackers.execute(() -> attack(HeldBackTest::randomBytes));
                attackers.execute(() -> attack(HeldBackTest::randomHello));
                attackers.execute(() -> attack(HeldBackTest::halfOpen));
                attackers.execute(() -> prove(unknown));
                flooded = median(honest);
                await().atMost(Duration.ofSeconds(60)).until(() -> penalties.isHeldBack(AddressKey.parse(FLOODS)));
                long held = median(honest);
                reporter.publishEntry(
                        "median handshake in microseconds",
                        "quiet " + quiet + ", flood begins " + flooded + ", flood held back " + held
                                + "; connections of the flood " + attempts.get());
            } finally {
                flooding = false;
            }
        }
        assertThat(penalties.heldBack(10))
                .extracting(each -> each.address().text())
                .containsExactly(FLOODS);
        assertThat(network.refusals().count(Refusals.Reason.HELD_BACK)).isPositive();
        assertThat(endingOf(FLOODS, trusted())).isEqualTo(Failure.BUSY);
        await().untilAsserted(() -> assertThat(Files.readString(NET_LOG))
                .contains("\"event\":\"PENALTY_BEGUN\",\"source\":\"127.0.0.2\"")
                .doesNotContain("\"event\":\"PENALTY_BEGUN\",\"source\":\"127.0.0.3\""));

        penalties.forgive(AddressKey.parse(FLOODS));
        try (Peer peer = dial(FLOODS, trusted())) {
            assertThat(peer.awaitUp(WITHIN_MILLIS).isUp()).isTrue();
        }
        await().untilAsserted(() -> assertThat(Files.readString(NET_LOG))
                .contains("\"event\":\"PENALTY_ENDED\",\"source\":\"127.0.0.2\",\"by\":\"FORGIVEN\""));
    }

    @Test
    void aTrustedPeerThatSharesItsAddressWithAFloodComesBack() throws Exception {
        ChannelSettings honest = trusted();
        dial(SHARED, honest).awaitUp(WITHIN_MILLIS).close();
        AddressKey shared = AddressKey.parse(SHARED);
        for (int i = 0; i < 500 && !penalties.isHeldBack(shared); i++) {
            try (Socket socket = connect(SHARED)) {
                socket.getOutputStream().write(new byte[] {(byte) 0xff, 0, 0, 1, 0});
                socket.getInputStream().readAllBytes();
            } catch (IOException reset) {
                // The node has hung up.
            }
        }
        await().until(() -> penalties.isHeldBack(shared));
        try (Peer peer = dial(SHARED, honest)) {
            assertThat(peer.awaitUp(WITHIN_MILLIS).isUp()).isTrue();
        }
        penalties.forgive(shared);
    }

    private ChannelSettings trusted() {
        ChannelSettings settings = Strangers.stranger(Suite.A256GCM);
        peers.introduce(settings.identity().peerId(), Optional.empty(), List.of());
        return settings;
    }

    /** Of handshakes that all come to a session, one after the other, in microseconds. */
    private long median(ChannelSettings honest) throws IOException {
        long[] micros = new long[HANDSHAKES];
        for (int i = 0; i < HANDSHAKES; i++) {
            long start = System.nanoTime();
            try (Peer peer = dial(HONEST, honest).awaitUp(WITHIN_MILLIS)) {
                micros[i] = (System.nanoTime() - start) / 1_000;
                long leave = System.nanoTime() + STAY_MILLIS * 1_000_000;
                while (System.nanoTime() < leave) {
                    peer.turn(10);
                }
            }
        }
        return LongStream.of(micros).sorted().skip(HANDSHAKES / 2).findFirst().orElseThrow();
    }

    private Peer dial(String from, ChannelSettings settings) throws IOException {
        return Peer.dial(
                new InetSocketAddress(from, 0), new InetSocketAddress("127.0.0.1", port), settings, event -> {});
    }

    private Failure endingOf(String from, ChannelSettings settings) throws IOException {
        Peer peer = dial(from, settings);
        Strangers.turnUntilEnded(peer, WITHIN_MILLIS);
        peer.abort();
        return peer.ending().orElseThrow().failure();
    }

    private interface Attack {
        void run(Socket socket, Random random) throws IOException;
    }

    private void attack(Attack attack) {
        Random random = new Random(attack.hashCode());
        while (flooding) {
            try (Socket socket = connect(FLOODS)) {
                attempts.incrementAndGet();
                attack.run(socket, random);
            } catch (IOException refused) {
                // What the node does to an attacker shows in its own figures.
            }
        }
    }

    private void prove(List<IdentityKey> keys) {
        for (int i = 0; flooding; i = (i + 1) % keys.size()) {
            try {
                Peer peer = dial(FLOODS, Strangers.settings(keys.get(i)));
                attempts.incrementAndGet();
                Strangers.turnUntilEnded(peer, 2_000);
                peer.abort();
            } catch (IOException refused) {
                // As above.
            }
        }
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
        socket.setSoTimeout(2_000);
        return socket;
    }

    private static void randomBytes(Socket socket, Random random) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(4_096)];
        random.nextBytes(bytes);
        socket.getOutputStream().write(bytes);
        socket.getInputStream().read();
    }

    /** Its key is random, and so usually fails only when it is used. */
    private static void randomHello(Socket socket, Random random) throws IOException {
        byte[] hello = new byte[4 + HELLO_BODY];
        random.nextBytes(hello);
        hello[0] = 1;
        hello[1] = 0;
        hello[2] = (byte) (HELLO_BODY >>> 8);
        hello[3] = (byte) HELLO_BODY;
        hello[4] = 1;
        hello[5] = 1;
        hello[6] = 2;
        socket.getOutputStream().write(hello);
        socket.getInputStream().read();
    }

    private static void halfOpen(Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(1);
        socket.setSoTimeout(200);
        socket.getInputStream().read();
    }
}
