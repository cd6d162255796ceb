package dev.parley.node.net;

import dev.parley.node.session.Session;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.Ending;
import dev.parley.protocol.Task;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * One TCP connection: carries bytes between its socket and its {@link Channel}, runs the channel's timers, and hands each
 * event on. Confined to the event loop of the socket; {@link #execute} is the way in from elsewhere.
 */
final class PeerConnection implements Session.Link {

    /** How the rest of the node takes part in a connection's life. Called on its event loop. */
    interface Owner {
        /** Expensive work: run it off the event loop, then {@link #complete} or {@link #refuse} it. */
        void task(PeerConnection connection, Task task);

        /** Everything but tasks, the end and what the connection itself does. */
        void event(PeerConnection connection, ChannelEvent event);

        /** It is about to be dropped in its handshake, to make room for another. */
        void crowdedOut(PeerConnection connection);

        /** All that waited is written. */
        void writable(PeerConnection connection);

        /** Told once, whatever happens. */
        void ended(PeerConnection connection, Ending ending);
    }

    private static final int WRITE_BUDGET = 64 << 10;
    /** Four writes may be under way before the socket counts as full: enough to keep TCP busy, little to hold. */
    private static final int WRITE_QUEUE_BYTES = 4 * WRITE_BUDGET;
    /** How long the last bytes of a connection that has ended may take to leave, milliseconds. */
    private static final long LAST_BYTES_MILLIS = 2_000;

    private static final Logger LOG = Logger.getLogger(PeerConnection.class);
    private static final AtomicLong NUMBERS = new AtomicLong();
    /** Of all connections since the process began. */
    static final LongAdder ALL_BYTES_IN = new LongAdder();

    static final LongAdder ALL_BYTES_OUT = new LongAdder();

    private final long number = NUMBERS.incrementAndGet();
    private final Vertx vertx;
    private final Context context;
    private final NetSocketInternal socket;
    private final Channel channel;
    private final Owner owner;

    // Written on the event loop alone, read by whoever wants to know.
    private volatile long bytesIn;
    private volatile long bytesOut;
    private boolean pumpScheduled;
    private boolean pumping;
    private boolean outputShut;
    private boolean hadOutput;
    private boolean ended;
    private long timer = -1;
    private long timerAt = Long.MAX_VALUE;

    PeerConnection(Vertx vertx, NetSocket socket, Channel channel, Owner owner) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.socket = (NetSocketInternal) socket;
        this.channel = channel;
        this.owner = owner;
    }

    /** On the event loop, once: starts to read. */
    void start() {
        // Both halves end on their own: an acknowledgement may still leave after the peer has said its last word.
        socket.channelHandlerContext().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
        socket.handler(bytes -> {
            bytesIn = bytesIn + bytes.length();
            ALL_BYTES_IN.add(bytes.length());
            channel.receive(ByteBuffer.wrap(bytes.getBytes()), Ticks.now());
            pump();
        });
        socket.eventHandler(event -> {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded();
            }
        });
        socket.drainHandler(ignored -> pump());
        socket.exceptionHandler(failure -> inputEnded());
        socket.closeHandler(ignored -> {
            inputEnded();
            lost();
        });
        pump();
    }

    /** Counts from 1 over the life of the process; names the connection in the audit log. */
    long number() {
        return number;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }

    String localAddress() {
        return text(socket.localAddress());
    }

    String remoteAddress() {
        return socket.remoteAddress().hostAddress() + ":"
                + socket.remoteAddress().port();
    }

    void complete(Task task) {
        execute(() -> channel.complete(task, Ticks.now()));
    }

    void refuse(Task task) {
        execute(() -> channel.refuse(task, Ticks.now()));
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> {
            if (!ended) {
                task.run();
                schedulePump();
            }
        });
    }

    @Override
    public boolean send(Record record) {
        schedulePump();
        return channel.send(record, Ticks.now());
    }

    @Override
    public void ping() {
        channel.ping(Ticks.now());
        schedulePump();
    }

    @Override
    public void close(Failure failure, String reason) {
        channel.close(failure, reason, Ticks.now());
        schedulePump();
    }

    @Override
    public int remoteMaxPlaintext() {
        return channel.remoteMaxPlaintext();
    }

    @Override
    public long lastHeard() {
        return channel.lastHeard();
    }

    @Override
    public long epoch() {
        return channel.sendEpoch();
    }

    /** Drops the connection without a word, for one that has to make room. */
    void drop() {
        execute(() -> {
            // It may have become a session while this was on its way.
            if (channel.phase() == Channel.Phase.HANDSHAKE) {
                owner.crowdedOut(this);
                channel.abort(Ticks.now());
            }
        });
    }

    /** What one turn of the event loop has to send leaves together at its end, sealed into one write. */
    private void schedulePump() {
        if (!pumpScheduled) {
            pumpScheduled = true;
            context.runOnContext(ignored -> {
                pumpScheduled = false;
                pump();
            });
        }
    }

    private void pump() {
        if (pumping || ended) {
            return;
        }
        pumping = true;
        try {
            do {
                handEventsOn();
            } while (!ended && write());
        } catch (RuntimeException defect) {
            // A defect of ours ends this connection, and only this: half handled it would hang on in no known state.
            LOG.errorf(defect, "connection %d to %s is given up", number, remoteAddress());
            channel.abort(Ticks.now());
            schedulePump();
        } finally {
            pumping = false;
        }
        if (!ended) {
            steerInput();
            armTimer();
        }
    }

    private void handEventsOn() {
        for (ChannelEvent event = channel.poll(); event != null && !ended; event = channel.poll()) {
            switch (event) {
                case ChannelEvent.TaskReady ready -> owner.task(this, ready.task());
                case ChannelEvent.ShutdownOutput ignored -> outputShut = true;
                case ChannelEvent.Ended end -> finish(end.ending());
                default -> owner.event(this, event);
            }
        }
    }

    /** @return whether anything was written, so that there may be new events */
    private boolean write() {
        boolean wrote = false;
        while (channel.hasOutput() && !socket.writeQueueFull()) {
            writeOnce();
            wrote = true;
        }
        hadOutput |= wrote;
        if (hadOutput && !channel.hasOutput()) {
            hadOutput = false;
            owner.writable(this);
        }
        if (outputShut && !channel.hasOutput()) {
            outputShut = false;
            afterLastWrite(this::shutOutput);
        }
        return wrote;
    }

    private void writeOnce() {
        byte[] frames = channel.transmit(WRITE_BUDGET, Ticks.now());
        bytesOut = bytesOut + frames.length;
        ALL_BYTES_OUT.add(frames.length);
        socket.write(Buffer.buffer(frames));
    }

    private void steerInput() {
        if (channel.wantsInput()) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    private void armTimer() {
        long deadline = channel.deadline();
        if (deadline >= timerAt) {
            return;
        }
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        timerAt = deadline;
        timer = vertx.setTimer(Math.max(1, deadline - Ticks.now()), ignored -> {
            timer = -1;
            timerAt = Long.MAX_VALUE;
            if (!ended) {
                channel.tick(Ticks.now());
                pump();
            }
        });
    }

    private void inputEnded() {
        if (!ended) {
            channel.endOfInput(Ticks.now());
            pump();
        }
    }

    /** The socket is gone in both directions; a channel that still hopes to write is told so. */
    private void lost() {
        if (!ended) {
            channel.abort(Ticks.now());
            pump();
        }
    }

    private void finish(Ending ending) {
        ended = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        while (channel.hasOutput()) {
            writeOnce();
        }
        long giveUp = vertx.setTimer(LAST_BYTES_MILLIS, ignored -> socket.close());
        afterLastWrite(() -> {
            vertx.cancelTimer(giveUp);
            socket.close();
        });
        owner.ended(this, ending);
        channel.close();
    }

    private void afterLastWrite(Runnable then) {
        socket.write(Buffer.buffer()).onComplete(ignored -> then.run());
    }

    private void shutOutput() {
        if (socket.channelHandlerContext().channel() instanceof DuplexChannel duplex && duplex.isActive()) {
            duplex.shutdownOutput();
        }
    }

    private static String text(SocketAddress address) {
        String host = address.hostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.port();
    }
}
