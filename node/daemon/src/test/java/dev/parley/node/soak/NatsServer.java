package dev.parley.node.soak;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    String tlsUrl() {
        return "tls://localhost:" + port;
    }

    void start() throws IOException {
        start(List.of());
    }

    /** With TLS. @param more of its own configuration */
    void startTls(Path certificate, Path key, String more) throws IOException {
        start("tls { cert_file: \"%s\", key_file: \"%s\" }%n%s%n".formatted(certificate, key, more));
    }

    void start(String configuration) throws IOException {
        Path file = Files.writeString(home.resolveSibling("nats.conf"), configuration);
        start(List.of("-c", file.toString()));
    }

    private void start(List<String> more) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("nats-server", "-js", "-a", "127.0.0.1", "-p", "" + port, "-sd", home.toString()));
        command.addAll(more);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
    }

    String said() throws IOException {
        return Files.readString(output());
    }

    private Path output() {
        return home.resolveSibling("nats.txt");
    }

    /** SIGSTOP: its connections stay, and nothing is answered. */
    void freeze() throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("nats-server is not stopped");
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Connection connect() {
        return connect(new Options.Builder().server(url()));
    }

    static Connection connect(Options.Builder options) {
        return Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> Nats.connect(options.noReconnect().build()), each -> true);
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}
