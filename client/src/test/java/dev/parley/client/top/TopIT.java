package dev.parley.client.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.client.Samples;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged {@code parley top} in a real terminal (tmux), against a socket that answers like a node that is busy. */
@Tag("long")
@Timeout(180)
class TopIT {
    private static final Path LAUNCHER = Path.of("parley").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong asked = new AtomicLong();
    private final Instant started = Instant.now().minusSeconds(3600);
    private Path directory;
    private Path socket;
    private Path tmux;
    private ServerSocketChannel server;

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(new ProcessBuilder("sh", "-c", "command -v tmux").start().waitFor() == 0, "there is no tmux");
        directory = Files.createTempDirectory("top-");
        socket = directory.resolve("s");
        tmux = directory.resolve("t");
        // Else the server would end with each test's last session, and what is asked of it then be lost.
        tmux("new-session", "-d", "-s", "keep");
        serve();
    }

    @AfterEach
    void end() throws Exception {
        tmux("kill-server");
        server.close();
        for (String name : List.of("s", "t", "out")) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
    }

    private void serve() throws IOException {
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        ServerSocketChannel own = server;
        Thread.ofPlatform().daemon().start(() -> answer(own));
    }

    private void answer(ServerSocketChannel own) {
        while (true) {
            try (SocketChannel client = own.accept()) {
                client.read(ByteBuffer.allocate(1 << 16));
                String head = "HTTP/1.1 200 OK\r\nParley-Api-Version: 1\r\n\r\n";
                client.write(ByteBuffer.wrap((head + stats(asked.incrementAndGet())).getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return;
            }
        }
    }

    private String stats(long n) {
        return Samples.json("{'at':'" + Instant.now() + "','peerId':'" + Samples.EVE + "','name':'alice','startedAt':'"
                + started + "','ready':true,'auditWritable':true,'auditLines':" + n
                + ",'heapBytes':1,'total':{'messagesSent':" + n * 1000
                + ",'messagesReceived':0,'bytesSent':0,'bytesReceived':0},'outbox':{'messages':0,'bytes':0},'unread':0,"
                + "'pending':0,'heldBack':1,'heldBackAddresses':[{'address':'203.0.113.7','cost':1840,'refused':97,'since':'"
                + started + "','freeAt':'" + Instant.now().plusSeconds(100)
                + "','trusted':false}],'handshakes':0,'refused':{'held-back':97,'half-open':0},'freeBytes':1,'sessions':["
                + Samples.SESSION
                + ","
                + Samples.SESSION.replace("0002\"", "0003\"").replace("\"bob\"", "\"carol\"")
                + "],'transfers':[],'transfersTotal':0}");
    }

    private String tmux(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", tmux.toString(), "-f", "/dev/null"));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }

    private String screen() throws Exception {
        return tmux("capture-pane", "-p", "-t", "top");
    }

    private void awaitScreen(String... parts) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(screen()).contains(parts));
    }

    private void start() throws Exception {
        start("", "alice  eveaaaaa  up 1 h", "2 PEERS", "carol");
    }

    private void start(String more, String... shows) throws Exception {
        tmux("new-session", "-d", "-s", "top", "-x", "100", "-y", "24", "env -u NO_COLOR PS1='ready> ' sh");
        tmux(
                "send-keys",
                "-t",
                "top",
                "PARLEY_NO_BUILD=1 JAVA_HOME='" + System.getProperty("java.home") + "' " + LAUNCHER
                        + " top -i 200ms --sort name " + more + " --socket " + socket + "; echo ended=$?",
                "Enter");
        awaitScreen(shows);
    }

    @Test
    void keysResizesAndANodeThatGoesAwayAndComesBack() throws Exception {
        start();
        awaitScreen("msg/s");
        await().atMost(PATIENCE).until(() -> screen().matches("(?s).*out 0 B/s [1-9]\\d{2,} msg/s.*"));
        tmux("send-keys", "-t", "top", "Down");
        tmux("send-keys", "-t", "top", "Enter");
        awaitScreen("peer      carol", "A256GCM");
        tmux("send-keys", "-t", "top", "Escape");
        awaitScreen("2 PEERS");
        tmux("send-keys", "-t", "top", "?");
        awaitScreen("sort by activity");
        tmux("send-keys", "-t", "top", "?");
        awaitScreen("2 PEERS", "10.0.0.2:40000");
        tmux("resize-window", "-t", "top", "-x", "40", "-y", "10");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(screen()).contains("alice", "2 PEERS", "bob").doesNotContain("10.0.0.2:40000"));
        assertThat(screen().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        tmux("resize-window", "-t", "top", "-x", "120", "-y", "30");
        awaitScreen("10.0.0.2:40000");

        server.close();
        awaitScreen("AWAY");
        serve();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(screen()).contains("ready").doesNotContain("AWAY"));
        tmux("send-keys", "-t", "top", "p");
        awaitScreen("PAUSED");
        tmux("send-keys", "-t", "top", "q");
        awaitRestored("ended=0");
    }

    @Test
    void soManySnapshotsAndTheLastOneStays() throws Exception {
        for (int count : List.of(1, 3)) {
            asked.set(0);
            start("-n " + count, "ended=0");
            assertThat(asked).hasValue(count);
            assertThat(screen()).contains("alice  eveaaaaa", "log " + count + " lines", "2 PEERS", "carol");
            tmux("kill-session", "-t", "top");
        }
    }

    @Test
    void whoIsRefusedAndHeldBack() throws Exception {
        start();
        tmux("resize-window", "-t", "top", "-x", "80", "-y", "24");
        tmux("send-keys", "-t", "top", "r");
        awaitScreen("held-back", "their address is held back", "1 ADDRESS HELD BACK", "203.0.113.7");
        tmux("resize-window", "-t", "top", "-x", "40", "-y", "10");
        awaitScreen("refused: held-back", "1 HELD BACK", "203.0.113.7");
        tmux("send-keys", "-t", "top", "r");
        awaitScreen("2 PEERS");
        tmux("send-keys", "-t", "top", "q");
        awaitRestored("ended=0");
    }

    @Test
    void whateverEndsItTheTerminalIsAsItWas() throws Exception {
        start();
        tmux("send-keys", "-t", "top", "C-c");
        awaitRestored("ended=");
        tmux("kill-session", "-t", "top");
        start();
        String pid = tmux("list-panes", "-t", "top", "-F", "#{pane_pid}").strip();
        assertThat(new ProcessBuilder("pkill", "-TERM", "-P", pid).start().waitFor())
                .isZero();
        awaitRestored("ended=143");
    }

    /** Back on the first screen, with the cursor, and what is typed is echoed and taken as a line. */
    private void awaitRestored(String end) throws Exception {
        awaitScreen(end);
        assertThat(tmux("display-message", "-p", "-t", "top", "#{alternate_on} #{cursor_flag}")
                        .strip())
                .isEqualTo("0 1");
        tmux("send-keys", "-t", "top", "echo a''b", "Enter");
        awaitScreen("echo a''b", "\nab");
        assertThat(screen()).doesNotContain("2 PEERS");
    }
}
