package dev.parley.bench;

import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.Ending;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A peer that dials: one session over one blocking socket, driven by the thread that calls it. Accepts whoever answers.
 * Everything happens inside {@link #turn}; nothing does in between, not even an answer to a PING.
 */
public final class Peer implements AutoCloseable {

    private static final int READ_BYTES = 256 << 10;
    private static final int WRITE_BUDGET = 256 << 10;

    private final Socket socket;
    private final InputStream in;
    private final Channel channel;
    private final Consumer<ChannelEvent> listener;
    private final byte[] buffer = new byte[READ_BYTES];
    private Optional<UUID> sessionId = Optional.empty();
    private Optional<Ending> ending = Optional.empty();
    private boolean up;

    private Peer(Socket socket, Channel channel, Consumer<ChannelEvent> listener) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.channel = channel;
        this.listener = listener;
    }

    /** Dials; the handshake begins with the first {@link #turn}. @param listener is told of every event that is not a task */
    public static Peer dial(InetSocketAddress address, ChannelSettings settings, Consumer<ChannelEvent> listener)
            throws IOException {
        return dial(new InetSocketAddress(0), address, settings, listener);
    }

    /** The same from an address of this machine, with port 0 for any. */
    public static Peer dial(
            InetSocketAddress from,
            InetSocketAddress address,
            ChannelSettings settings,
            Consumer<ChannelEvent> listener)
            throws IOException {
        Socket socket = new Socket();
        socket.bind(from);
        socket.setTcpNoDelay(true);
        socket.connect(address, Math.toIntExact(settings.timing().handshake()));
        return new Peer(socket, Channel.initiate(settings, Optional.empty(), now()), listener);
    }

    /** Turns until the session is up. @throws IOException if it ended before, with how in the message */
    public Peer awaitUp(long withinMillis) throws IOException {
        long deadline = now() + withinMillis;
        while (!up) {
            if (ending.isPresent() || now() > deadline) {
                throw new IOException(
                        "no session: " + ending.map(Ending::toString).orElse("timed out"));
            }
            turn(100);
        }
        return this;
    }

    /**
     * Hands on what has come, runs tasks, writes what waits; then waits for more from the peer.
     *
     * @param waitMillis how long to wait for input; 0 does not wait
     */
    public void turn(long waitMillis) throws IOException {
        settle();
        if (ending.isPresent() || !channel.wantsInput()) {
            return;
        }
        if (waitMillis > 0 || in.available() > 0) {
            socket.setSoTimeout((int) Math.max(1, Math.min(waitMillis, channel.deadline() - now())));
            try {
                int length = in.read(buffer);
                if (length < 0) {
                    channel.endOfInput(now());
                } else {
                    channel.receive(ByteBuffer.wrap(buffer, 0, length), now());
                }
            } catch (SocketTimeoutException nothingCame) {
                channel.tick(now());
            } catch (IOException reset) {
                channel.endOfInput(now());
            }
        }
        settle();
    }

    /** Queues a record; it leaves with the next {@link #turn}. @return false: the queue is full or the session not up */
    public boolean send(Record record) {
        return channel.send(record, now());
    }

    public Optional<UUID> sessionId() {
        return sessionId;
    }

    /** How the connection ended, once it has. */
    public Optional<Ending> ending() {
        return ending;
    }

    public boolean isUp() {
        return up && ending.isEmpty();
    }

    /** Says CLOSE and waits for the peer's, for a second at most. */
    @Override
    public void close() throws IOException {
        channel.close(Failure.NORMAL, "", now());
        long deadline = now() + 1_000;
        while (ending.isEmpty() && now() < deadline) {
            turn(50);
        }
        abort();
    }

    /** Drops the connection without a word. */
    public void abort() throws IOException {
        channel.abort(now());
        socket.close();
    }

    private void settle() throws IOException {
        boolean more = true;
        while (more && ending.isEmpty()) {
            more = false;
            for (ChannelEvent event = channel.poll(); event != null; event = channel.poll()) {
                handle(event);
                more = true;
            }
            while (channel.hasOutput()) {
                write(channel.transmit(WRITE_BUDGET, now()));
                more = true;
            }
        }
    }

    private void handle(ChannelEvent event) throws IOException {
        switch (event) {
            case ChannelEvent.TaskReady ready -> {
                ready.task().run();
                channel.complete(ready.task(), now());
            }
            case ChannelEvent.ResponderNamed ignored -> channel.proceed(now());
            case ChannelEvent.Up opened -> {
                up = true;
                sessionId = Optional.of(opened.sessionId());
            }
            case ChannelEvent.ShutdownOutput ignored -> {
                while (channel.hasOutput()) {
                    write(channel.transmit(WRITE_BUDGET, now()));
                }
                socket.shutdownOutput();
            }
            case ChannelEvent.Ended ended -> ending = Optional.of(ended.ending());
            default -> {}
        }
        listener.accept(event);
    }

    private void write(byte[] frames) throws IOException {
        try {
            socket.getOutputStream().write(frames);
        } catch (IOException reset) {
            channel.endOfInput(now());
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
