package dev.parley.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;

/** Calls the admin API of a node over its socket, a connection for each call. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path socket;

    public AdminClient(Path socket) {
        this.socket = socket;
    }

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param body the JSON; missing where there is none
     */
    public record Reply(int status, JsonNode body) {}

    public Reply get(String path) throws IOException {
        return call("GET", path, null);
    }

    /**
     * An answer that need not be JSON.
     *
     * @param status of HTTP
     */
    public record Text(int status, String body) {}

    public Text getText(String path) throws IOException {
        return text("GET", path, "", new byte[0]);
    }

    /** @param body an object that Jackson makes JSON of; null for none */
    public Reply post(String path, Object body) throws IOException {
        return call("POST", path, body);
    }

    /**
     * Reads the event stream from now on, on a thread of its own, until {@code enough} says so or the node ends it. Who waits for
     * an event that is lost with the connection finds out by his own deadline.
     */
    public void follow(Predicate<JsonNode> enough) throws IOException {
        var channel = connect();
        write(channel, "GET /v1/events HTTP/1.1\r\nHost: node\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        var in = new BufferedInputStream(Channels.newInputStream(channel));
        for (String head = line(in); !head.isEmpty(); head = line(in)) {
            if (head.startsWith("HTTP/") && !head.contains(" 200 ")) {
                throw new IOException("no event stream: " + head);
            }
        }
        // It begins with a heartbeat: from then on nothing is missed.
        var rest = new ByteArrayOutputStream();
        rest.write(chunk(in));
        Thread.ofVirtual().start(() -> {
            try (channel) {
                boolean more = true;
                while (more) {
                    byte[] next = chunk(in);
                    rest.write(next);
                    more = next.length > 0 && !lines(rest, enough);
                }
            } catch (IOException ended) {
                // As said above.
            }
        });
    }

    /** Hands on the whole lines and keeps the rest. @return whether it was enough */
    private static boolean lines(ByteArrayOutputStream read, Predicate<JsonNode> enough) throws IOException {
        var text = read.toByteArray();
        int from = 0;
        boolean done = false;
        for (int i = 0; i < text.length && !done; i++) {
            if (text[i] == '\n') {
                done = enough.test(JSON.readTree(text, from, i - from));
                from = i + 1;
            }
        }
        read.reset();
        read.write(text, from, text.length - from);
        return done;
    }

    /** The next piece of a chunked body (RFC 9112 section 7.1); empty at its end. */
    private static byte[] chunk(InputStream in) throws IOException {
        byte[] content = in.readNBytes(Integer.parseInt(line(in), 16));
        line(in);
        return content;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the node has ended the connection");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    public Reply put(String path) throws IOException {
        return call("PUT", path, null);
    }

    /** Hands bytes over as they are. */
    public Reply upload(String path, byte[] content) throws IOException {
        return call("POST", path, "Content-Type: application/octet-stream\r\n", content);
    }

    private Reply call(String method, String path, Object body) throws IOException {
        return body == null
                ? call(method, path, "", new byte[0])
                : call(method, path, "Content-Type: application/json\r\n", JSON.writeValueAsBytes(body));
    }

    private Reply call(String method, String path, String type, byte[] content) throws IOException {
        Text text = text(method, path, type, content);
        return new Reply(text.status(), JSON.readTree(text.body()));
    }

    private Text text(String method, String path, String type, byte[] content) throws IOException {
        var head = method + " " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n" + type + "Content-Length: "
                + content.length + "\r\n\r\n";
        try (var channel = connect()) {
            write(channel, head.getBytes(StandardCharsets.UTF_8));
            write(channel, content);
            return parse(Channels.newInputStream(channel));
        }
    }

    /** @throws ConnectException if the node is not there: it knows nothing of the call then */
    private SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException absent) {
            channel.close();
            throw (IOException) new ConnectException("no node at " + socket).initCause(absent);
        }
    }

    private static void write(SocketChannel channel, byte[] content) throws IOException {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Text parse(InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream);
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("no HTTP reply: " + status);
        }
        int length = 0;
        boolean chunked = false;
        for (String head = line(in); !head.isEmpty(); head = line(in)) {
            String lower = head.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length =
                        Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
            }
            chunked |= lower.equals("transfer-encoding: chunked");
        }
        byte[] body = chunked ? chunks(in) : in.readNBytes(length);
        if (!chunked && body.length < length) {
            throw new EOFException("the reply ends early");
        }
        return new Text(Integer.parseInt(status.substring(9, 12)), new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] next = chunk(in); next.length > 0; next = chunk(in)) {
            all.write(next);
        }
        return all.toByteArray();
    }
}
