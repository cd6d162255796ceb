package dev.parley.node.soak;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A NATS server with JetStream as a process of its own, which may die and come back on the same data. */
@SuppressWarnings("try") // As it kills, closing it may be interrupted.
final class NatsServer implements AutoCloseable {
    /** Where this is {@code required}, a machine without nats-server fails the test that would otherwise skip itself. */
    private static final String SWITCH = "PARLEY_NATS";

    private final Path home;
    private final int port;
    private Process process;

    NatsServer(Path home) throws IOException {
        this.home = home;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    static void needed() throws InterruptedException {
        try {
            if (new ProcessBuilder("nats-server", "-v").start().waitFor() == 0) {
                return;
            }
        } catch (IOException missing) {
            // As below.
        }
        if ("required".equals(System.getenv(SWITCH))) {
            fail("nats-server is needed: install it");
        }
        abort("nats-server is not installed");
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    void start() throws IOException {
        process = new ProcessBuilder("nats-server", "-js", "-a", "127.0.0.1", "-p", "" + port, "-sd", home.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolveSibling("nats.txt").toFile()))
                .start();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Connection connect() {
        return Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(
                        () -> Nats.connect(new Options.Builder()
                                .server(url())
                                .noReconnect()
                                .build()),
                        each -> true);
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}
