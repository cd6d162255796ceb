package dev.parley.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.lab.network.Network.Cut;
import dev.parley.lab.network.Network.LinkSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkRelayTest {
    private ServerSocket echo;

    @BeforeEach
    void listen() throws IOException {
        echo = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        echo.close();
    }

    @Test
    void allComesThroughInOrderHoweverBadTheLink() throws Exception {
        byte[] sent = new byte[200_000];
        new Random(1).nextBytes(sent);
        LinkSpec bad = link(Duration.ofMillis(5), Duration.ofMillis(20), 0.05, 0, List.of());
        try (LinkRelay relay = relay(bad, LinkRelay.Tap.NONE)) {
            assertThat(exchange(relay, sent)).isEqualTo(sent);
            assertThat(relay.bytes()).isEqualTo(2L * sent.length);
            assertThat(relay.connections()).isOne();
        }
    }

    @Test
    void delayAndRateTakeTheirTime() throws Exception {
        try (LinkRelay relay =
                relay(link(Duration.ofMillis(100), Duration.ZERO, 0, 0, List.of()), LinkRelay.Tap.NONE)) {
            assertThat(millis(() -> exchange(relay, new byte[10]))).isGreaterThanOrEqualTo(200);
        }
        try (LinkRelay relay = relay(link(Duration.ZERO, Duration.ZERO, 0, 100_000, List.of()), LinkRelay.Tap.NONE)) {
            assertThat(millis(() -> exchange(relay, new byte[50_000]))).isGreaterThanOrEqualTo(500);
        }
    }

    @Test
    void aStallHoldsBytesUntilItIsOver() throws Exception {
        List<Cut> cuts = List.of(new Cut(Duration.ZERO, Duration.ofMillis(400), false));
        try (LinkRelay relay = relay(link(Duration.ZERO, Duration.ZERO, 0, 0, cuts), LinkRelay.Tap.NONE)) {
            relay.begin();
            assertThat(relay.isCut()).isTrue();
            byte[] sent = "patience".getBytes(StandardCharsets.US_ASCII);
            assertThat(millis(() -> assertThat(exchange(relay, sent)).isEqualTo(sent)))
                    .isGreaterThanOrEqualTo(350);
            assertThat(relay.isCut()).isFalse();
        }
    }

    @Test
    void aResetEndsConnectionsAndRefusesNewOnes() throws Exception {
        List<Cut> cuts = List.of(new Cut(Duration.ofMillis(100), Duration.ofHours(1), true));
        try (LinkRelay relay = relay(link(Duration.ZERO, Duration.ZERO, 0, 0, cuts), LinkRelay.Tap.NONE);
                Socket before =
                        new Socket(relay.address().getAddress(), relay.address().getPort())) {
            before.getOutputStream().write(1);
            assertThat(before.getInputStream().read()).isOne();
            relay.begin();
            before.setSoTimeout(10_000);
            assertThatThrownBy(() -> {
                        if (before.getInputStream().read() < 0) {
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("timed out");
            assertThatThrownBy(() -> {
                        if (exchange(relay, new byte[5]).length < 5) {
                            throw new IOException("refused");
                        }
                    })
                    .isInstanceOf(IOException.class);
            relay.heal();
            assertThat(exchange(relay, new byte[5])).hasSize(5);
        }
    }

    @Test
    void aFlipperChangesOneBitAndAnEavesdropperNone() throws Exception {
        byte[] sent = new byte[1_000];
        Attacker.Flipper flipper = new Attacker.Flipper(0, new Random(3));
        LinkSpec plain = link(Duration.ZERO, Duration.ZERO, 0, 0, List.of());
        try (LinkRelay relay = relay(plain, flipper)) {
            assertThat(exchange(relay, sent)).isEqualTo(sent);
            flipper.begin(relay.address());
            byte[] back = exchange(relay, sent);
            assertThat(back).hasSameSizeAs(sent).isNotEqualTo(sent);
            assertThat((Long) flipper.account(List.of()).get("flips")).isPositive();
        }
        Attacker.Eavesdropper ear = new Attacker.Eavesdropper();
        try (LinkRelay relay = relay(plain, ear)) {
            byte[] text = "this goes in the clear".getBytes(StandardCharsets.UTF_8);
            assertThat(exchange(relay, text)).isEqualTo(text);
            assertThat(ear.account(List.of("goes in the clear", "never said")))
                    .as("it does read what is not encrypted")
                    .containsEntry("secretsRead", 2L)
                    .containsEntry("bytes", 2L * text.length);
        }
    }

    private LinkRelay relay(LinkSpec link, LinkRelay.Tap tap) throws IOException {
        return new LinkRelay(
                link, new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()), tap, 7);
    }

    private static LinkSpec link(Duration delay, Duration jitter, double loss, long rate, List<Cut> cuts) {
        return new LinkSpec("a", "b", delay, jitter, loss, rate, cuts, null);
    }

    private static byte[] exchange(LinkRelay relay, byte[] bytes) throws IOException {
        try (Socket socket =
                new Socket(relay.address().getAddress(), relay.address().getPort())) {
            socket.setSoTimeout(30_000);
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    // The reader sees it.
                }
            });
            return socket.getInputStream().readAllBytes();
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            // It was reset.
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static long millis(Step step) throws Exception {
        long begun = System.nanoTime();
        step.run();
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
