package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Somebody on the path lets the handshake through and then changes a record. */
@QuarkusTest
@TestProfile(StrangersTest.Approves.class)
class TamperingTest {

    private static final Path NET_LOG = Path.of("target", "strangers", "net.log");
    /** Longer than what a session says of itself, so that the message is what gets changed. */
    private static final int PAYLOAD = 4_000;

    private static final UUID MESSAGE = UUID.fromString("019b76da-a800-7d23-bce4-bd1490ef3a98");

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    private final AtomicBoolean changes = new AtomicBoolean();

    @Test
    void theAuditLogSaysWhichRecordDidNotOpen() throws Exception {
        ChannelSettings stranger = Strangers.stranger(Suite.A256GCM);
        peers.introduce(stranger.identity().peerId(), Optional.empty(), List.of());
        List<ChannelEvent.Sent> sent = new ArrayList<>();
        try (ServerSocket onThePath = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> relay(onThePath));
            Peer peer = Strangers.up(onThePath.getLocalPort(), stranger, event -> {
                if (event instanceof ChannelEvent.Sent message) {
                    sent.add(message);
                }
            });
            changes.set(true);
            peer.send(new Record.Message(MESSAGE, 0, Record.Scope.DIRECT, "", "text/plain", new byte[PAYLOAD]));
            Strangers.turnUntilEnded(peer, 10_000);
            peer.abort();

            String session = peer.sessionId().orElseThrow().toString();
            String line = await().atMost(Duration.ofSeconds(10))
                    .until(() -> tampering(session), Optional::isPresent)
                    .orElseThrow();
            assertThat(sent).hasSize(1);
            assertThat(sent.getFirst().n()).isPositive();
            assertThat(line)
                    .contains("\"epoch\":" + sent.getFirst().epoch() + ",")
                    .contains("\"n\":" + sent.getFirst().n() + "}");
        }
    }

    private static Optional<String> tampering(String session) throws IOException {
        return Files.readAllLines(NET_LOG).stream()
                .filter(line -> line.contains("\"TAMPERING\"") && line.contains(session))
                .findFirst();
    }

    private void relay(ServerSocket server) {
        int port = HostPort.parse(network.listenAddress()).port();
        try (Socket dialer = server.accept();
                Socket node = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread back = Thread.ofVirtual().start(() -> carry(node, dialer, false));
            carry(dialer, node, true);
            back.join();
        } catch (IOException | InterruptedException gone) {
            // The test is over.
        }
    }

    private void carry(Socket from, Socket to, boolean forth) {
        byte[] buffer = new byte[64 << 10];
        try {
            for (int length = from.getInputStream().read(buffer);
                    length >= 0;
                    length = from.getInputStream().read(buffer)) {
                if (forth && length > PAYLOAD && changes.get()) {
                    buffer[length - 1] ^= 1;
                }
                to.getOutputStream().write(buffer, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException gone) {
            // One end has gone; the other is told when the relay closes it.
        }
    }
}
