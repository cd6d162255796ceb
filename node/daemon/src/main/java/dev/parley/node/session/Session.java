package dev.parley.node.session;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * One authenticated session with one peer. Its facts can be read from any thread; records go out and come in on the event
 * loop of its connection, which {@link #execute} reaches.
 */
public final class Session {

    /** UNCONFIRMED: the operator has not yet accepted the peer's identity, so that nothing but PING is sent. */
    public enum State {
        UNCONFIRMED,
        UP,
        CLOSING
    }

    /** The session's hold on its connection. Everything but {@link #execute} is for the connection's event loop. */
    public interface Link {
        /** Runs a task on the connection's event loop; callable from any thread. */
        void execute(Runnable task);

        /** Queues a record; false when 16 MiB wait already, or the connection is closing. */
        boolean send(Record record);

        void ping();

        void close(Failure failure, String reason);

        /** The longest record plaintext that the peer accepts, bytes. */
        int remoteMaxPlaintext();

        /** Milliseconds of the monotonic clock. */
        long lastHeard();

        long epoch();

        /** Bytes read from and written to TCP, the handshake's too. */
        long bytesIn();

        long bytesOut();
    }

    /** Facts that do not change while the session lives. */
    public record Facts(
            UUID id, Identity peer, boolean initiatedHere, String remoteAddress, Suite suite, Instant since) {}

    private final Facts facts;
    private final Link link;
    private final List<Held> held = new ArrayList<>();
    private int heldBytes;
    private volatile State state;

    public final LongAdder messagesSent = new LongAdder();
    public final LongAdder messagesReceived = new LongAdder();

    /** A record that came before the operator accepted the peer. */
    record Held(Record record, SessionObserver.Sealed sealed) {}

    public Session(Facts facts, Link link, boolean confirmed) {
        this.facts = facts;
        this.link = link;
        this.state = confirmed ? State.UP : State.UNCONFIRMED;
    }

    public UUID id() {
        return facts.id();
    }

    public PeerId peerId() {
        return facts.peer().peerId();
    }

    public Facts facts() {
        return facts;
    }

    public State state() {
        return state;
    }

    /** Milliseconds of the monotonic clock ({@link Ticks}) when anything last came from the peer. */
    public long lastHeard() {
        return link.lastHeard();
    }

    public long epoch() {
        return link.epoch();
    }

    /** Bytes read from TCP, the handshake's too. */
    public long bytesReceived() {
        return link.bytesIn();
    }

    /** Bytes written to TCP, the handshake's too. */
    public long bytesSent() {
        return link.bytesOut();
    }

    public int remoteMaxPlaintext() {
        return link.remoteMaxPlaintext();
    }

    /** Runs a task on the session's event loop. */
    public void execute(Runnable task) {
        link.execute(task);
    }

    /** On the event loop: queues a record. @return false when no more is taken now, or the session is not up */
    public boolean send(Record record) {
        return state == State.UP && link.send(record);
    }

    /** On the event loop: queues an acknowledgement, which leaves even while this side is closing. */
    public void acknowledge(Record.Ack ack) {
        if (state != State.UNCONFIRMED) {
            link.send(ack);
        }
    }

    /** Ends the session, from any thread. */
    public void close(Failure failure, String reason) {
        execute(() -> {
            state = State.CLOSING;
            link.close(failure, reason);
        });
    }

    /**
     * Ends the session because this node ends, from any thread.
     *
     * @param backSeconds in how many seconds this node is expected back; 0: unknown
     */
    void leave(long backSeconds) {
        execute(() -> {
            if (state == State.UP && backSeconds > 0) {
                link.send(new Record.Return(backSeconds));
            }
            state = State.CLOSING;
            link.close(Failure.SHUTTING_DOWN, "");
        });
    }

    void ping() {
        execute(link::ping);
    }

    /** On the event loop: the operator accepted the peer. @return what came meanwhile, in order */
    List<Held> confirm() {
        if (state != State.UNCONFIRMED) {
            return List.of();
        }
        state = State.UP;
        List<Held> all = List.copyOf(held);
        held.clear();
        heldBytes = 0;
        return all;
    }

    /** On the event loop: keeps a record until the operator decides. @return false: more than {@code most} bytes are held */
    boolean hold(Record record, SessionObserver.Sealed sealed, int most) {
        heldBytes += sealed.frame().length;
        return heldBytes <= most && held.add(new Held(record, sealed));
    }

    void ended() {
        state = State.CLOSING;
        held.clear();
    }
}
