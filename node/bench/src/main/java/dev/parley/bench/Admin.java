package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to a node's admin socket, for one request after the other. Confined to one thread. */
final class Admin implements AutoCloseable {

    private static final int PIECE = 64 << 10;

    private final SocketChannel channel;
    private final InputStream in;

    /** @param status of HTTP, @param text the JSON */
    record Reply(int status, String text) {

        Reply expect(int wanted) throws IOException {
            if (status != wanted) {
                throw new IOException("the node answered " + status + ": " + text);
            }
            return this;
        }

        /** What the first match of the pattern has in its first group. */
        String find(Pattern pattern) throws IOException {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new IOException("no " + pattern + " in " + text);
            }
            return matcher.group(1);
        }
    }

    Admin(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    Reply get(String path) throws IOException {
        return call("GET", path, "");
    }

    Reply post(String path, String json) throws IOException {
        return call("POST", path, json);
    }

    /** Hands a file over. */
    Reply upload(String path, Path file) throws IOException {
        try (FileChannel content = FileChannel.open(file)) {
            String head = "POST " + path
                    + " HTTP/1.1\r\nHost: node\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                    + content.size() + "\r\n\r\n";
            var buffer = ByteBuffer.allocateDirect(PIECE).put(head.getBytes(StandardCharsets.US_ASCII));
            do {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                buffer.clear();
            } while (content.read(buffer) >= 0);
        }
        return reply();
    }

    Reply delete(String path) throws IOException {
        return call("DELETE", path, "");
    }

    private Reply call(String method, String path, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String head =
                method + " " + path + " HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n";
        var request = ByteBuffer.allocate(head.length() + body.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(body)
                .flip();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        return reply();
    }

    private Reply reply() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length =
                        Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
            }
            chunked |= lower.equals("transfer-encoding: chunked");
        }
        return new Reply(status, new String(chunked ? chunks() : exactly(length), StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        var all = new ByteArrayOutputStream();
        int length;
        do {
            length = Integer.parseInt(line(), 16);
            all.write(exactly(length));
            line();
        } while (length > 0);
        return all.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the node has ended the connection");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the node has ended the connection");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
