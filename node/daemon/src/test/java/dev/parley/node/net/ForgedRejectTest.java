package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Anybody on the path can answer a dial with a REJECT; it must change neither what is wanted nor who is expected. */
@QuarkusTest
@TestProfile(StrangersTest.Approves.class)
class ForgedRejectTest {

    @Inject
    Dialer dialer;

    @ParameterizedTest
    @EnumSource(value = Failure.class, mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void leavesTheWantedConnectionAndItsPin(Failure forged) throws Exception {
        PeerId expected = ThrowawayKeys.make(1).getFirst().peerId();
        try (ServerSocket onThePath = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> reject(onThePath, forged));
            HostPort address = new HostPort("127.0.0.1", onThePath.getLocalPort());
            DialOutcome outcome = dialer.connect(new Dialer.Order(address, Optional.of(expected), false, true))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(outcome.kind()).isIn(Kind.FAILED, Kind.BUSY, Kind.TIMED_OUT);
            assertThat(outcome.peer()).isEmpty();
            assertThat(dialer.wanted())
                    .filteredOn(each -> each.address().equals(address))
                    .singleElement()
                    .satisfies(each -> assertThat(each.peer()).contains(expected));
            dialer.forget(address);
            answering.join();
        }
    }

    private static void reject(ServerSocket server, Failure failure) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().readNBytes(4);
            socket.getOutputStream().write(new byte[] {0x0f, 0, 0, 1, (byte) failure.code()});
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException gone) {
            // The node has its answer and went.
        }
    }
}
