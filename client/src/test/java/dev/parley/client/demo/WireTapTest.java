package dev.parley.client.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.demo.Recording.Direction;
import dev.parley.client.process.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WireTapTest {
    private ServerSocket target;
    private WireTap tap;

    @BeforeEach
    void listen() throws IOException {
        target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        tap = WireTap.before(target.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        tap.close();
        target.close();
    }

    @Test
    void passesBytesBothWaysAndKeepsThem() throws IOException {
        try (Socket dialer = dial();
                Socket answerer = target.accept()) {
            dialer.getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(answerer.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            answerer.getOutputStream().write(new byte[] {4, 5});
            assertThat(dialer.getInputStream().readNBytes(2)).containsExactly(4, 5);

            Recording recording = tap.recordings().getFirst();
            assertThat(recording.bytes(Direction.OUT)).containsExactly(1, 2, 3);
            assertThat(recording.bytes(Direction.BACK)).containsExactly(4, 5);
        }
    }

    @Test
    void passesOnThatOneSideHasEnded() throws IOException {
        try (Socket dialer = dial();
                Socket answerer = target.accept()) {
            dialer.shutdownOutput();
            assertThat(answerer.getInputStream().read()).isEqualTo(-1);
            answerer.getOutputStream().write(7);
            answerer.shutdownOutput();
            assertThat(dialer.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void flipsOneBitOnceInTheDirectionAskedFor() throws IOException {
        try (Socket dialer = dial();
                Socket answerer = target.accept()) {
            tap.flipOneBit(Direction.OUT);
            answerer.getOutputStream().write(new byte[] {9});
            assertThat(dialer.getInputStream().readNBytes(1)).containsExactly(9);
            dialer.getOutputStream().write(new byte[] {8, 8});
            assertThat(answerer.getInputStream().readNBytes(2)).containsExactly(8, 9);
            dialer.getOutputStream().write(new byte[] {8, 8});
            assertThat(answerer.getInputStream().readNBytes(2)).containsExactly(8, 8);
            assertThat(tap.recordings().getFirst().bytes(Direction.OUT))
                    .as("what was sent, not what arrived")
                    .containsExactly(8, 8, 8, 8);
        }
    }

    @Test
    void recordsEachConnectionApart() throws IOException {
        for (byte each = 1; each <= 3; each++) {
            try (Socket dialer = dial();
                    Socket answerer = target.accept()) {
                dialer.getOutputStream().write(each);
                assertThat(answerer.getInputStream().read()).isEqualTo(each);
            }
        }
        assertThat(tap.recordings()).hasSize(3);
        assertThat(tap.recordings().getLast().bytes(Direction.OUT)).containsExactly(3);
    }

    @Test
    void endsTheDialersConnectionWhenNobodyAnswers() throws IOException {
        target.close();
        try (Socket dialer = dial()) {
            assertThat(dialer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closingEndsWhatIsOpenAndListensNoMore() throws IOException {
        try (Socket dialer = dial();
                Socket answerer = target.accept()) {
            dialer.getOutputStream().write(1);
            assertThat(answerer.getInputStream().read()).isEqualTo(1);
            tap.close();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> answerer.getInputStream().read() == -1);
        }
        assertThat(NodeProcess.isOpen(tap.port())).isFalse();
    }

    private Socket dial() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), tap.port());
    }
}
