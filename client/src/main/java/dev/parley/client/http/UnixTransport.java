package dev.parley.client.http;

import dev.parley.client.http.TransportException.Kind;
import dev.parley.client.http.UnixConnection.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The transport to a real node: a new connection to its admin socket for each request. */
public final class UnixTransport implements Transport {
    /** The longest reply in bytes; a thousand sessions are about 0.5 MB. */
    private static final int MAX_BODY = 64 << 20;

    /** The longest line of a stream in bytes: a message of 1 MiB whose every byte JSON escapes with six. */
    private static final int MAX_LINE = 8 << 20;

    private static final int DOWNLOAD_BUFFER = 256 * 1024;

    private final Path socket;
    private final Map<String, String> headers;

    /**
     * @param socket path of the admin socket
     * @param headers sent with every request
     */
    public UnixTransport(Path socket, Map<String, String> headers) {
        this.socket = socket;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public Reply exchange(Request request, Duration timeout) throws TransportException {
        Deadline deadline = Deadline.in(timeout);
        try (UnixConnection connection = UnixConnection.open(socket)) {
            ResponseReader reader = send(connection, request, deadline);
            return whole(reader, deadline);
        }
    }

    @Override
    public Lines open(Request request, Duration silence) throws TransportException, RefusedException {
        UnixConnection connection = UnixConnection.open(socket);
        try {
            Deadline deadline = Deadline.in(silence);
            ResponseReader reader = send(connection, request, deadline);
            if (reader.status() / 100 != 2) {
                throw new RefusedException(whole(reader, deadline));
            }
            return new ReplyLines(connection, reader, silence);
        } catch (TransportException | RefusedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Reply upload(Request request, Upload body, Duration silence) throws IOException {
        try (UnixConnection connection = UnixConnection.open(socket)) {
            String framing =
                    body.length() < 0 ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length() + "\r\n";
            ByteBuffer head = ByteBuffer.wrap(head(request, "Content-Type: " + body.mediaType() + "\r\n" + framing));
            BodyStream out = new BodyStream(connection, body.length(), silence);
            boolean complete = false;
            if (connection.writeUnlessAnswered(head, Deadline.in(silence))) {
                complete = write(body, out);
            }
            Deadline deadline = Deadline.in(silence);
            ResponseReader reader = new ResponseReader(connection);
            reader.readHead(deadline);
            if (!complete && reader.status() / 100 == 2) {
                throw ResponseReader.malformed("success before it had all of the request");
            }
            return whole(reader, deadline);
        }
    }

    /** Whether all of it was sent; false if the node has answered before. */
    private static boolean write(Upload body, BodyStream out) throws IOException {
        try {
            body.source().writeTo(out);
            out.finish();
            return true;
        } catch (IOException e) {
            // Whatever a source makes of it: what the node said counts.
            if (out.answered()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Reply download(Request request, OutputStream to, Duration silence) throws IOException {
        try (UnixConnection connection = UnixConnection.open(socket)) {
            Deadline deadline = Deadline.in(silence);
            ResponseReader reader = send(connection, request, deadline);
            if (reader.status() / 100 != 2) {
                throw new RefusedException(whole(reader, deadline));
            }
            if (reader.endsUnannounced()) {
                throw ResponseReader.malformed(
                        "a file without its length, of which nobody could say whether it is whole");
            }
            byte[] buffer = new byte[DOWNLOAD_BUFFER];
            for (int count = reader.read(buffer, deadline); count >= 0; count = reader.read(buffer, deadline)) {
                to.write(buffer, 0, count);
                deadline = Deadline.in(silence);
            }
            return new Reply(reader.status(), Map.copyOf(reader.headers()), "");
        }
    }

    private byte[] head(Request request, String more) {
        StringBuilder head = new StringBuilder(256)
                .append(request.method())
                .append(' ')
                .append(request.target())
                .append(" HTTP/1.1\r\nHost: parley\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append(more).append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private ResponseReader send(UnixConnection connection, Request request, Deadline deadline)
            throws TransportException {
        byte[] body = request.json() == null ? new byte[0] : request.json().getBytes(StandardCharsets.UTF_8);
        String type = request.json() == null ? "" : "Content-Type: application/json\r\n";
        String length = request.method().equals("GET") ? "" : "Content-Length: " + body.length + "\r\n";
        byte[] start = head(request, type + length);
        ByteBuffer out = ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
        connection.write(out, deadline);
        ResponseReader reader = new ResponseReader(connection);
        reader.readHead(deadline);
        return reader;
    }

    private static Reply whole(ResponseReader reader, Deadline deadline) throws TransportException {
        String body = reader.body(MAX_BODY, deadline);
        return new Reply(reader.status(), Map.copyOf(reader.headers()), body);
    }

    private static final class ReplyLines implements Lines {
        private final UnixConnection connection;
        private final ResponseReader reader;
        private final Duration silence;
        private final byte[] buffer = new byte[8192];
        private int position;
        private int filled;

        ReplyLines(UnixConnection connection, ResponseReader reader, Duration silence) {
            this.connection = connection;
            this.reader = reader;
            this.silence = silence;
        }

        @Override
        public String next() throws TransportException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            while (true) {
                if (position == filled) {
                    filled = Math.max(reader.read(buffer, Deadline.in(silence)), 0);
                    position = 0;
                    if (filled == 0) {
                        return end(line);
                    }
                }
                int from = position;
                while (position < filled && buffer[position] != '\n') {
                    position++;
                }
                line.write(buffer, from, position - from);
                if (line.size() > MAX_LINE) {
                    throw ResponseReader.malformed("a line of more than " + MAX_LINE + " bytes");
                }
                if (position < filled) {
                    position++;
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
        }

        private static String end(ByteArrayOutputStream line) throws TransportException {
            if (line.size() > 0) {
                throw new TransportException(Kind.CUT_OFF, "the stream of the node ended in the middle of a line");
            }
            return null;
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
