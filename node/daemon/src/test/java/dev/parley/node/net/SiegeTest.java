package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A minute of strangers who do everything but talk, from other addresses than the honest peer's. */
@QuarkusTest
@TestProfile(SiegeTest.Besieged.class)
@Tag("long")
class SiegeTest {

    private static final Duration DURATION = Duration.ofSeconds(60);
    private static final Duration STAY = Duration.ofMillis(300);
    private static final int HELLO_BODY = 1_219;
    private static final Path NET_LOG = Path.of("target/siege/net.log");
    /** Most of it the honest peer's conversations, of about 3 KB each. */
    private static final long LOG_AT_MOST = 2 << 20;

    public static class Besieged implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/siege",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    SessionRegistry sessions;

    @Inject
    KnownPeers peers;

    private final AtomicLong attempts = new AtomicLong();
    private long end;
    private int port;

    @Test
    void anHonestPeerConnectsAndTalksThroughoutASiege() throws Exception {
        port = HostPort.parse(network.listenAddress()).port();
        end = System.nanoTime() + DURATION.toNanos();
        ChannelSettings honest = Strangers.stranger(Suite.A256GCM);
        peers.introduce(honest.identity().peerId(), Optional.empty(), List.of());
        long logged = Files.size(NET_LOG);
        int conversations = 0;
        try (ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
            attackers.execute(() -> attack("127.0.0.2", SiegeTest::randomBytes));
            attackers.execute(() -> attack("127.0.0.3", SiegeTest::oversizedLength));
            attackers.execute(() -> attack("127.0.0.4", SiegeTest::randomHello));
            for (int i = 0; i < 200; i++) {
                attackers.execute(() -> attack("127.0.0.5", this::sayNothing));
                attackers.execute(() -> attack("127.0.0.6", this::oneByteASecond));
            }
            while (System.nanoTime() < end) {
                talk(honest);
                conversations++;
            }
        }
        assertThat(attempts.get()).as("connections of attackers").isGreaterThan(1_000);
        assertThat(conversations).as("conversations of the honest peer").isGreaterThan(5);
        assertThat(Files.size(NET_LOG) - logged).as("growth of net.log").isLessThan(LOG_AT_MOST);
        await().atMost(Duration.ofSeconds(30)).until(() -> network.halfOpen() == 0 && sessions.size() == 0);
    }

    private void talk(ChannelSettings settings) throws IOException {
        Set<UUID> acknowledged = new HashSet<>();
        try (Peer peer = Strangers.up(port, settings, event -> {
            if (event instanceof ChannelEvent.Received received && received.record() instanceof Record.Ack ack) {
                ack.entries().forEach(entry -> acknowledged.add(entry.id()));
            }
        })) {
            Random random = new Random();
            UUID id = new UUID(
                    System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000),
                    random.nextLong() & 0x3fffffffffffffffL | 1L << 63);
            Record.Message message = new Record.Message(
                    id, System.currentTimeMillis(), Record.Scope.DIRECT, "", "text/plain", new byte[1_000]);
            assertThat(peer.send(message)).isTrue();
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (acknowledged.isEmpty() && System.nanoTime() < deadline) {
                peer.turn(50);
            }
            assertThat(acknowledged).as("acknowledged within 10 s of siege").containsExactly(id);
            // Stays a while, as honest peers do: ten dials a second would use up its own address's quota.
            long leave = System.nanoTime() + STAY.toNanos();
            while (System.nanoTime() < leave) {
                peer.turn(50);
            }
            assertThat(peer.isUp()).isTrue();
        }
    }

    private interface Attack {
        void run(Socket socket, Random random) throws IOException, InterruptedException;
    }

    private void attack(String from, Attack attack) {
        Random random = new Random(from.hashCode());
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
                socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
                socket.setSoTimeout(2_000);
                attempts.incrementAndGet();
                attack.run(socket, random);
            } catch (IOException refused) {
                // What the node does to an attacker is its own affair; what it does to the honest peer is the test.
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void randomBytes(Socket socket, Random random) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(4_096)];
        random.nextBytes(bytes);
        socket.getOutputStream().write(bytes);
        socket.getInputStream().read();
    }

    private static void oversizedLength(Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(new byte[] {1, -1, -1, -1});
        socket.getOutputStream().write(new byte[64 << 10]);
        socket.getInputStream().read();
    }

    /** Well formed as far as its lengths go: the key is random, and so usually fails only when it is used. */
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

    private void sayNothing(Socket socket, Random random) throws IOException {
        socket.setSoTimeout(15_000);
        socket.getInputStream().read();
    }

    private void oneByteASecond(Socket socket, Random random) throws IOException, InterruptedException {
        socket.getOutputStream().write(1);
        for (int i = 0; i < 30 && System.nanoTime() < end; i++) {
            Thread.sleep(1_000);
            socket.getOutputStream().write(0);
        }
    }
}
