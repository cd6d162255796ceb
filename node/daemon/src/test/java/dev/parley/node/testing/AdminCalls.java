package dev.parley.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Requests to the admin socket of a node, each over a connection of its own. */
public final class AdminCalls {
    private static final int BUFFER = 256 << 10;

    private final ObjectMapper json = new ObjectMapper();
    private final Path socket;

    /** An answer whose body is still to be read. */
    public record Answer(int status, Map<String, String> headers, InputStream body) {}

    public AdminCalls(Path socket) {
        this.socket = socket;
    }

    public JsonNode get(String path) throws IOException {
        return call("GET", path, null);
    }

    /** @param body JSON, or null for none */
    public JsonNode post(String path, String body) throws IOException {
        return call("POST", path, body);
    }

    public void delete(String path) throws IOException {
        call("DELETE", path, null);
    }

    /** Hands a file over. */
    public JsonNode upload(String path, long length, InputStream content) throws IOException {
        try (SocketChannel channel = open()) {
            write(channel, "POST", path, "application/octet-stream", length, content);
            return parsed(read(channel));
        }
    }

    /** Begins to hand a file over, and is gone when the content ends, however much was announced. */
    public void uploadAndGo(String path, long announced, InputStream content) throws IOException {
        try (SocketChannel channel = open()) {
            write(channel, "POST", path, "application/octet-stream", announced, content);
        }
    }

    /** Copies the body of an answer. @return the answer's head */
    public Answer download(String path, OutputStream to) throws IOException {
        try (SocketChannel channel = open()) {
            write(channel, "GET", path, null, 0, InputStream.nullInputStream());
            Answer answer = read(channel);
            answer.body().transferTo(to);
            return answer;
        }
    }

    private JsonNode call(String method, String path, String body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        try (SocketChannel channel = open()) {
            write(
                    channel,
                    method,
                    path,
                    body == null ? null : "application/json",
                    bytes.length,
                    new ByteArrayInputStream(bytes));
            return parsed(read(channel));
        }
    }

    private SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    private static void write(
            SocketChannel channel, String method, String path, String type, long length, InputStream content)
            throws IOException {
        OutputStream out = Channels.newOutputStream(channel);
        String head = method + " " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n"
                + (type == null ? "" : "Content-Type: " + type + "\r\nContent-Length: " + length + "\r\n") + "\r\n";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read > 0; read = content.read(buffer)) {
            out.write(buffer, 0, read);
        }
    }

    private static Answer read(SocketChannel channel) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
        String status = line(in);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, in);
    }

    private JsonNode parsed(Answer answer) throws IOException {
        byte[] body = answer.body().readAllBytes();
        JsonNode node = body.length == 0 ? json.createObjectNode() : json.readTree(body);
        if (answer.status() >= 400) {
            throw new IOException(answer.status() + ": " + node);
        }
        return node;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended within '" + line + "'");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
