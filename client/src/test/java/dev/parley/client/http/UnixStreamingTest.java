package dev.parley.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.client.http.TransportException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies of any length in both directions, against a server that misbehaves on a real socket. */
@Timeout(60)
class UnixStreamingTest {
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Request POST = new Request("POST", "/v1/files", null);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String TOO_LARGE =
            "HTTP/1.1 413 Too Large\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\r\n{}";

    private Path directory;
    private Path socket;
    private ServerSocketChannel server;
    private Transport transport;

    @BeforeEach
    void listen() throws IOException {
        directory = Files.createTempDirectory("parley-test-");
        socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        transport = new UnixTransport(socket, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }

    private interface Script {
        void run(SocketChannel client) throws Exception;
    }

    private CompletableFuture<Void> serve(Script script) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (SocketChannel client = server.accept()) {
                script.run(client);
                over.complete(null);
            } catch (Exception e) {
                over.completeExceptionally(e);
            }
        });
        return over;
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    /** Reads until what came ends like this. */
    private static String readUntil(SocketChannel client, String end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        while (!all.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            in.clear();
            if (client.read(in) < 0) {
                break;
            }
            all.write(in.array(), 0, in.position());
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private static Upload upload(long length, Upload.Source source) {
        return new Upload("application/octet-stream", length, source);
    }

    /** So many bytes, in writes of awkward lengths. */
    private static Upload.Source bytes(long count) {
        return out -> {
            byte[] block = new byte[100_003];
            Arrays.fill(block, (byte) 'x');
            for (long left = count; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        };
    }

    @Test
    void aBodyOfKnownLength() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        serve(client -> {
            request.complete(readUntil(client, "hello"));
            write(client, OK);
        });
        Reply reply =
                transport.upload(POST, upload(5, out -> out.write("hello".getBytes(StandardCharsets.UTF_8))), SILENCE);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(request.get(5, TimeUnit.SECONDS))
                .isEqualTo("POST /v1/files HTTP/1.1\r\nHost: parley\r\nConnection: close\r\n"
                        + "Content-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\nhello");
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        serve(client -> {
            request.complete(readUntil(client, "\r\n0\r\n\r\n"));
            write(client, OK);
        });
        assertThat(transport.upload(POST, upload(-1, bytes(300_000)), SILENCE).status())
                .isEqualTo(200);
        String sent = request.get(5, TimeUnit.SECONDS);
        String chunks = sent.substring(sent.indexOf("\r\n\r\n") + 4);
        assertThat(sent).contains("Transfer-Encoding: chunked\r\n").doesNotContain("Content-Length");
        assertThat(chunks)
                .isEqualTo("00040000\r\n" + "x".repeat(262_144) + "\r\n000093e0\r\n" + "x".repeat(300_000 - 262_144)
                        + "\r\n0\r\n\r\n");
    }

    @Test
    void anEmptyBodyOfUnknownLength() throws Exception {
        serve(client -> {
            readUntil(client, "\r\n\r\n0\r\n\r\n");
            write(client, OK);
        });
        assertThat(transport.upload(POST, upload(-1, out -> {}), SILENCE).status())
                .isEqualTo(200);
    }

    /** The node takes a little, refuses, and reads no more: a client that goes on sending would wait for ever. */
    @Test
    void aRefusalIsHeardWhileTheBodyIsSent() throws Exception {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        serve(client -> {
            client.read(ByteBuffer.allocate(1000));
            write(client, TOO_LARGE);
            heard.get(20, TimeUnit.SECONDS);
        });
        long[] sent = new long[1];
        Reply reply = transport.upload(
                POST,
                upload(Long.MAX_VALUE, out -> {
                    byte[] block = new byte[1 << 16];
                    while (true) {
                        out.write(block);
                        sent[0] += block.length;
                    }
                }),
                SILENCE);
        heard.complete(null);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.body()).isEqualTo("{}");
        assertThat(sent[0]).isLessThan(64 << 20);
    }

    @Test
    void aRefusalIsHeardWhenTheNodeClosesAtOnce() throws Exception {
        serve(client -> {
            client.read(ByteBuffer.allocate(1000));
            write(client, TOO_LARGE);
        });
        Reply reply = transport.upload(
                POST,
                upload(-1, out -> {
                    while (true) {
                        out.write(new byte[1 << 16]);
                    }
                }),
                SILENCE);
        assertThat(reply.status()).isEqualTo(413);
    }

    @Test
    void aNodeThatDiesWhileTheBodyIsSent() {
        serve(client -> client.read(ByteBuffer.allocate(1000)));
        assertThatThrownBy(() -> transport.upload(POST, upload(-1, bytes(50 << 20)), SILENCE))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CUT_OFF));
    }

    @Test
    void successBeforeTheEndIsNone() {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        serve(client -> {
            write(client, OK);
            heard.get(20, TimeUnit.SECONDS);
        });
        assertThatThrownBy(() -> transport.upload(POST, upload(-1, bytes(50 << 20)), SILENCE))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
        heard.complete(null);
    }

    @Test
    void aNodeThatTakesNothing() {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        serve(client -> heard.get(20, TimeUnit.SECONDS));
        assertThatThrownBy(() -> transport.upload(POST, upload(-1, bytes(50 << 20)), Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT));
        heard.complete(null);
    }

    /** The node must not take half a file for a whole one. */
    @Test
    void aSourceThatFailsLeavesTheBodyUnfinished() throws Exception {
        for (long length : new long[] {-1, 10}) {
            CompletableFuture<String> request = new CompletableFuture<>();
            serve(client -> request.complete(readUntil(client, "never")));
            assertThatThrownBy(() -> transport.upload(
                            POST,
                            upload(length, out -> {
                                out.write(new byte[3]);
                                throw new IOException("the disk is gone");
                            }),
                            SILENCE))
                    .hasMessage("the disk is gone");
            assertThat(request.get(5, TimeUnit.SECONDS))
                    .doesNotContain("\r\n0\r\n\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void aFileThatChangesWhileItIsSent() {
        for (long length : new long[] {2, 4}) {
            serve(client -> readUntil(client, "never"));
            assertThatThrownBy(() -> transport.upload(POST, upload(length, out -> out.write(new byte[3])), SILENCE))
                    .hasMessageEndingWith("it changed while it was sent");
        }
    }

    @Test
    void aDownload() throws Exception {
        String content = "y".repeat(700_000);
        serve(client -> {
            readUntil(client, "\r\n\r\n");
            write(client, "HTTP/1.1 200 OK\r\nParley-Sha256: ab\r\nContent-Length: 700000\r\n\r\n" + content);
        });
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        Reply reply = transport.download(Request.get("/v1/files/1/content"), to, SILENCE);
        assertThat(to.toString(StandardCharsets.UTF_8)).isEqualTo(content);
        assertThat(reply.headers()).containsEntry("parley-sha256", "ab");
    }

    @Test
    void aDownloadInChunks() throws Exception {
        String chunk = "z".repeat(0x12345);
        serve(client -> {
            readUntil(client, "\r\n\r\n");
            write(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            write(client, ("12345\r\n" + chunk + "\r\n").repeat(3) + "0\r\n\r\n");
        });
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        transport.download(Request.get("/"), to, SILENCE);
        assertThat(to.toString(StandardCharsets.UTF_8)).isEqualTo(chunk.repeat(3));
    }

    @Test
    void refusedDownloadsWriteNothing() {
        serve(client -> write(client, TOO_LARGE));
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        assertThatThrownBy(() -> transport.download(Request.get("/"), to, SILENCE))
                .isInstanceOf(Transport.RefusedException.class);
        assertThat(to.size()).isZero();
    }

    @Test
    void aDownloadThatWasCutIsAnError() {
        for (String cut : new String[] {
            "Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "\r\nabc"
        }) {
            serve(client -> {
                readUntil(client, "\r\n\r\n");
                write(client, "HTTP/1.1 200 OK\r\n" + cut);
            });
            assertThatThrownBy(() -> transport.download(Request.get("/"), new ByteArrayOutputStream(), SILENCE))
                    .as(cut)
                    .isInstanceOf(TransportException.class);
        }
    }

    /** Memory stays small and the speed is that of the socket; the figures go into the report of the test. */
    @Test
    void largeBodiesAreFast() throws Exception {
        long size = 1L << 30;
        CompletableFuture<Void> served = serve(client -> {
            ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
            for (long left = size; left > 0; left -= in.position()) {
                in.clear();
                if (client.read(in) < 0) {
                    throw new IOException("cut off");
                }
            }
            write(client, OK);
        });
        long start = System.nanoTime();
        transport.upload(POST, upload(size, bytes(size)), SILENCE);
        double up = (size >> 20) / ((System.nanoTime() - start) / 1e9);
        served.get(5, TimeUnit.SECONDS);
        serve(client -> {
            readUntil(client, "\r\n\r\n");
            write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            ByteBuffer out = ByteBuffer.allocateDirect(1 << 18);
            for (long left = size; left > 0; left -= out.capacity()) {
                out.clear();
                while (out.hasRemaining()) {
                    client.write(out);
                }
            }
        });
        start = System.nanoTime();
        long[] came = new long[1];
        transport.download(
                Request.get("/"),
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        came[0]++;
                    }

                    @Override
                    public void write(byte[] from, int offset, int count) {
                        came[0] += count;
                    }
                },
                SILENCE);
        double down = (size >> 20) / ((System.nanoTime() - start) / 1e9);
        System.out.printf("streaming over the admin socket: %.0f MiB/s up, %.0f MiB/s down%n", up, down);
        assertThat(came[0]).isEqualTo(size);
        // Far below what it does, so that a busy machine fails no build.
        assertThat(Math.min(up, down)).isGreaterThan(50);
    }
}
