package dev.parley.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.client.http.TransportException.Kind;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transport against a server that says exactly what a test wants, on a real socket. */
@Timeout(30)
class UnixTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Request GET = Request.get("/v1/status");

    private Path directory;
    private Path socket;
    private ServerSocketChannel server;
    private Transport transport;

    @BeforeEach
    void listen() throws IOException {
        // The build directory may be too deep for a socket's path.
        directory = Files.createTempDirectory("parley-test-");
        socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        transport = new UnixTransport(socket, Map.of("Parley-Api-Version", "1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }

    /** What one connection does. */
    private interface Script {
        void run(SocketChannel client) throws Exception;
    }

    private CompletableFuture<String> serve(Script script) {
        CompletableFuture<String> request = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer in = ByteBuffer.allocate(1 << 16);
                client.read(in);
                request.complete(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
                script.run(client);
            } catch (Exception e) {
                request.completeExceptionally(e);
            }
        });
        return request;
    }

    private CompletableFuture<String> reply(String text) {
        return serve(client -> write(client, text));
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    @Test
    void aReplyWithALength() throws Exception {
        var request = reply("HTTP/1.1 200 OK\r\nParley-Api-Version: 1\r\ncontent-length: 4\r\n\r\n{ü}tail");
        Reply reply = transport.exchange(GET, TIMEOUT);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{ü}");
        assertThat(reply.headers()).containsEntry("parley-api-version", "1");
        assertThat(request.get(5, TimeUnit.SECONDS))
                .isEqualTo(
                        "GET /v1/status HTTP/1.1\r\nHost: parley\r\nConnection: close\r\nParley-Api-Version: 1\r\n\r\n");
    }

    @Test
    void aRequestWithABody() throws Exception {
        var request = reply("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(transport
                        .exchange(new Request("POST", "/x", "{\"ü\":1}"), TIMEOUT)
                        .body())
                .isEmpty();
        assertThat(request.get(5, TimeUnit.SECONDS))
                .endsWith("Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"ü\":1}");
    }

    @Test
    void aReplyInChunks() throws Exception {
        reply(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n");
        assertThat(transport.exchange(GET, TIMEOUT).body()).isEqualTo("abc0123456789");
    }

    @Test
    void aReplyUntilTheEnd() throws Exception {
        reply("HTTP/1.1 200\r\n\r\nall of it");
        assertThat(transport.exchange(GET, TIMEOUT).body()).isEqualTo("all of it");
    }

    @Test
    void interimRepliesArePassedOver() throws Exception {
        reply("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(transport.exchange(GET, TIMEOUT).body()).isEqualTo("ok");
    }

    @Test
    void aReplyByteByByte() throws Exception {
        serve(client -> {
            for (byte each : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.UTF_8)) {
                client.write(ByteBuffer.wrap(new byte[] {each}));
            }
        });
        assertThat(transport.exchange(GET, TIMEOUT).body()).isEqualTo("ok");
    }

    @Test
    void aLargeRequestAndALargeReply() throws Exception {
        String large = "x".repeat(5 << 20);
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer in = ByteBuffer.allocate(1 << 16);
                long left = large.length();
                while (left > 0 && client.read(in) > 0) {
                    left -= in.position();
                    in.clear();
                }
                write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(transport.exchange(new Request("POST", "/", large), TIMEOUT).body())
                .hasSize(large.length());
    }

    @Test
    void aReplyBeforeTheRequestWasRead() throws Exception {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                write(client, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                client.shutdownOutput();
                // Not closed yet: on a unix socket that would throw the reply away.
                client.read(ByteBuffer.allocate(1 << 20));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Reply reply = transport.exchange(new Request("POST", "/", "x".repeat(100_000)), TIMEOUT);
        assertThat(reply.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
                "HTTP/1.1 200 OK\r\n folded: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nSpace : 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n"
            })
    void malformedReplies(String text) {
        reply(text);
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageStartingWith("what answers on the socket is not a Parley node");
    }

    @Test
    void headersWithoutEnd() {
        serve(client -> {
            write(client, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(client, "X: " + "y".repeat(1000) + "\r\n");
            }
        });
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void aBodyWithoutEnd() {
        serve(client -> {
            write(client, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                write(client, "y".repeat(1 << 20));
            }
        });
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 20",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
            })
    void earlyEnds(String text) {
        reply(text);
        assertThat(failure().kind()).isEqualTo(Kind.CUT_OFF);
    }

    private TransportException failure;

    private TransportException failure() {
        if (failure == null) {
            failure = catchThrowableOfType(TransportException.class, () -> transport.exchange(GET, TIMEOUT));
        }
        return failure;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"})
    void silence(String text) {
        CompletableFuture<Void> asserted = new CompletableFuture<>();
        serve(client -> {
            write(client, text);
            asserted.get(20, TimeUnit.SECONDS);
        });
        assertThatThrownBy(() -> transport.exchange(GET, Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT))
                .hasMessage("the node did not answer within 0.2 s");
        asserted.complete(null);
    }

    @Test
    void nobodyThere() throws IOException {
        Transport nowhere = new UnixTransport(directory.resolve("none"), Map.of());
        assertThatThrownBy(() -> nowhere.exchange(GET, TIMEOUT)).hasMessageStartingWith("there is no socket ");
        server.close();
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageStartingWith("no node answers on the socket ");
        Transport tooLong = new UnixTransport(Path.of("/" + "x".repeat(200)), Map.of());
        assertThatThrownBy(() -> tooLong.exchange(GET, TIMEOUT))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_PATH));
    }

    @Test
    void streamsGiveLinesAsTheyCome() throws Exception {
        CompletableFuture<Void> sawFirst = new CompletableFuture<>();
        serve(client -> {
            write(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            write(client, "6\r\n{\"a\":1\r\n");
            write(client, "2\r\n}\n\r\n");
            sawFirst.get(20, TimeUnit.SECONDS);
            write(client, "8\r\nb\n\nlast\n\r\n0\r\n\r\n");
        });
        try (Transport.Lines lines = transport.open(GET, TIMEOUT)) {
            assertThat(lines.next()).isEqualTo("{\"a\":1}");
            sawFirst.complete(null);
            assertThat(lines.next()).isEqualTo("b");
            assertThat(lines.next()).isEmpty();
            assertThat(lines.next()).isEqualTo("last");
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void aStreamThatEndsInTheMiddleOfALine() throws Exception {
        reply("HTTP/1.1 200 OK\r\n\r\none\ntw");
        try (Transport.Lines lines = transport.open(GET, TIMEOUT)) {
            assertThat(lines.next()).isEqualTo("one");
            assertThatThrownBy(lines::next).hasMessageContaining("in the middle of a line");
        }
    }

    @Test
    void aLineWithoutEnd() throws Exception {
        serve(client -> {
            write(client, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                write(client, "y".repeat(1 << 20));
            }
        });
        try (Transport.Lines lines = transport.open(GET, TIMEOUT)) {
            assertThatThrownBy(lines::next).hasMessageContaining("a line of more than");
        }
    }

    @Test
    void refusalsOfAStreamAreWhole() {
        reply("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}");
        assertThatThrownBy(() -> transport.open(GET, TIMEOUT))
                .isInstanceOfSatisfying(
                        Transport.RefusedException.class,
                        e -> assertThat(e.reply().body()).isEqualTo("{}"));
    }

    @Test
    void closingAStreamEndsAWait() throws Exception {
        CompletableFuture<Void> asserted = new CompletableFuture<>();
        serve(client -> {
            write(client, "HTTP/1.1 200 OK\r\n\r\none\n");
            asserted.get(20, TimeUnit.SECONDS);
        });
        Transport.Lines lines = transport.open(GET, TIMEOUT);
        assertThat(lines.next()).isEqualTo("one");
        CompletableFuture<String> waiting = new CompletableFuture<>();
        // Whether it waits already or not yet: it ends.
        Thread.ofPlatform().start(() -> {
            try {
                waiting.complete(lines.next());
            } catch (TransportException e) {
                waiting.completeExceptionally(e);
            }
        });
        lines.close();
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TransportException.class);
        asserted.complete(null);
    }

    @Test
    void pathsAreEncoded() {
        assertThat(Request.encode("a b/ü?&=..~")).isEqualTo("a%20b%2F%C3%BC%3F%26%3D..~");
    }
}
