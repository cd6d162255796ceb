package dev.parley.client.http;

import dev.parley.client.http.TransportException.Kind;
import dev.parley.client.http.UnixConnection.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * The body of a request on its way: framed (RFC 9112 section 7.1 when its length is not known), a large buffer at a time,
 * and given up as soon as the node answers before it has all.
 */
final class BodyStream extends OutputStream {
    /** What a socket takes at once; larger ones were not faster. */
    private static final int BUFFER = 256 * 1024;

    /** A chunk's size in a fixed number of digits, and CRLF: so that it can be put before what is in the buffer already. */
    private static final int CHUNK_HEAD = 10;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final UnixConnection connection;
    private final Duration silence;
    private final long length;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_HEAD + BUFFER + CRLF.length);
    private long taken;
    private boolean answered;

    /** @param length negative to send it in chunks */
    BodyStream(UnixConnection connection, long length, Duration silence) {
        this.connection = connection;
        this.length = length;
        this.silence = silence;
        clear();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, from.length);
        if (length >= 0 && count > length - taken) {
            throw new IOException("what is sent is longer than it was at first: it changed while it was sent");
        }
        taken += count;
        int position = offset;
        int left = count;
        while (left > 0) {
            int part = Math.min(left, buffer.remaining());
            buffer.put(from, position, part);
            position += part;
            left -= part;
            if (!buffer.hasRemaining()) {
                send();
            }
        }
    }

    /** Nothing: what is small goes out with what follows. */
    @Override
    public void flush() {}

    /** Sends the rest. */
    void finish() throws IOException {
        if (length >= 0 && taken < length) {
            throw new IOException("what is sent is shorter than it was at first: it changed while it was sent");
        }
        send();
        if (length < 0) {
            put(ByteBuffer.wrap(LAST_CHUNK));
        }
    }

    /** Whether the node has answered, or closed the connection, before it had all. */
    boolean answered() {
        return answered;
    }

    private void send() throws IOException {
        int content = buffer.position() - CHUNK_HEAD;
        if (content == 0) {
            return;
        }
        if (length < 0) {
            String head = "%08x\r\n".formatted(content);
            buffer.put(0, head.getBytes(StandardCharsets.US_ASCII));
            buffer.limit(buffer.capacity()).put(CRLF);
            buffer.flip();
        } else {
            buffer.flip().position(CHUNK_HEAD);
        }
        put(buffer);
        clear();
    }

    private void put(ByteBuffer out) throws IOException {
        if (answered || !connection.writeUnlessAnswered(out, Deadline.in(silence))) {
            answered = true;
            throw new TransportException(Kind.CUT_OFF, "the node answered before it had all");
        }
    }

    private void clear() {
        buffer.clear().position(CHUNK_HEAD).limit(CHUNK_HEAD + BUFFER);
    }
}
