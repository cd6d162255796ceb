package dev.parley.client.http;

import dev.parley.client.http.TransportException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A connected unix domain socket whose reads and writes end in time. Closing it from another thread ends a wait. */
final class UnixConnection implements AutoCloseable {
    /** {@code sun_path} of Linux without its final zero; macOS allows 103. */
    private static final int MAX_PATH_BYTES = 107;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024).flip();

    private UnixConnection(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ);
    }

    static UnixConnection open(Path socket) throws TransportException {
        if (socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new TransportException(
                    Kind.BAD_PATH, "the socket's path is longer than " + MAX_PATH_BYTES + " bytes: " + socket);
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new UnixConnection(channel, Selector.open());
        } catch (IOException e) {
            closeQuietly(channel);
            throw unreachable(socket, e);
        }
    }

    /** Why: the JDK gives the system's words only, and not the same ones everywhere. */
    private static TransportException unreachable(Path socket, IOException e) {
        String words = String.valueOf(e.getMessage());
        if (words.contains("ermission denied") || words.contains("not permitted")) {
            return new TransportException(Kind.DENIED, "this user may not use the socket " + socket);
        }
        if (Files.exists(socket)) {
            return new TransportException(Kind.UNREACHABLE, "no node answers on the socket " + socket);
        }
        return new TransportException(Kind.UNREACHABLE, "there is no socket " + socket);
    }

    /** Writes all of {@code out}. */
    void write(ByteBuffer out, Deadline deadline) throws TransportException {
        try {
            while (out.hasRemaining()) {
                if (channel.write(out) == 0) {
                    await(SelectionKey.OP_WRITE, deadline);
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw closed();
        } catch (TransportException e) {
            throw e;
        } catch (IOException e) {
            // The node may have answered, and closed, before it read all: its reply says why.
            out.position(out.limit());
        }
    }

    /**
     * Writes all of {@code out}, unless the node sends something or closes the connection before.
     *
     * @return false if it did; what it sent is read next
     */
    boolean writeUnlessAnswered(ByteBuffer out, Deadline deadline) throws TransportException {
        try {
            while (out.hasRemaining()) {
                if (hasAnswered()) {
                    return false;
                }
                if (channel.write(out) == 0) {
                    await(SelectionKey.OP_WRITE | SelectionKey.OP_READ, deadline);
                }
            }
            return true;
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw closed();
        } catch (TransportException e) {
            throw e;
        } catch (IOException e) {
            // Closed by the node: it may have said why.
            return false;
        }
    }

    private boolean hasAnswered() throws IOException {
        if (in.hasRemaining()) {
            return true;
        }
        in.clear();
        try {
            return channel.read(in) != 0;
        } finally {
            in.flip();
        }
    }

    /** The next byte, or -1 at the end. */
    int read(Deadline deadline) throws TransportException {
        return in.hasRemaining() || fill(deadline) ? in.get() & 0xff : -1;
    }

    /** Up to {@code length} bytes; at least one, or -1 at the end. */
    int read(byte[] to, int offset, int length, Deadline deadline) throws TransportException {
        if (!in.hasRemaining()) {
            // What is large goes past the buffer.
            if (length >= in.capacity()) {
                return fill(ByteBuffer.wrap(to, offset, length), deadline);
            }
            if (!fill(deadline)) {
                return -1;
            }
        }
        int count = Math.min(length, in.remaining());
        in.get(to, offset, count);
        return count;
    }

    private boolean fill(Deadline deadline) throws TransportException {
        in.clear();
        try {
            return fill(in, deadline) > 0;
        } finally {
            in.flip();
        }
    }

    private int fill(ByteBuffer to, Deadline deadline) throws TransportException {
        int count;
        try {
            while ((count = channel.read(to)) == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
            return count;
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw closed();
        } catch (TransportException e) {
            throw e;
        } catch (IOException e) {
            throw new TransportException(Kind.CUT_OFF, "the node closed the connection");
        }
    }

    private void await(int operation, Deadline deadline) throws IOException {
        long left = deadline.leftMillis();
        if (left <= 0) {
            throw timedOut(deadline);
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        // An interrupted thread would not wait any more, but turn round for ever.
        if (!channel.isOpen() || Thread.currentThread().isInterrupted()) {
            throw new ClosedChannelException();
        }
    }

    private static TransportException timedOut(Deadline deadline) {
        return new TransportException(Kind.TIMED_OUT, "the node did not answer within " + deadline.seconds() + " s");
    }

    private static TransportException closed() {
        return new TransportException(Kind.CUT_OFF, "the connection was closed");
    }

    @Override
    public void close() {
        closeQuietly(channel);
        closeQuietly(selector);
    }

    private static void closeQuietly(AutoCloseable what) {
        if (what != null) {
            try {
                what.close();
            } catch (Exception e) {
                // Nothing was promised about a connection that is given up.
            }
        }
    }

    /** A moment by which something must have happened. */
    record Deadline(long nanos, Duration allowed) {
        static Deadline in(Duration allowed) {
            return new Deadline(System.nanoTime() + allowed.toNanos(), allowed);
        }

        long leftMillis() {
            long left = nanos - System.nanoTime();
            return left <= 0 ? 0 : left / 1_000_000 + 1;
        }

        String seconds() {
            long millis = allowed.toMillis();
            return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
        }
    }
}
