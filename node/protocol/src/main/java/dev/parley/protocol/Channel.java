package dev.parley.protocol;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * One PSP/1 connection without I/O: the host carries bytes, runs tasks, answers decisions and tells the time.
 *
 * <p>Confined to one thread. {@code now} is always milliseconds of a monotonic clock. After every call the host takes
 * the events ({@link #poll}), writes the output ({@link #transmit}) and arms a timer for {@link #deadline}.
 */
public final class Channel implements AutoCloseable {
    private Channel() {}

    /**
     * The dialing side. Its first event is a task.
     *
     * @param expected who must answer; empty: whoever does
     * @param now when the TCP connection was begun: the handshake's deadline counts from here
     */
    public static Channel initiate(ChannelSettings settings, Optional<PeerId> expected, long now) {
        throw new UnsupportedOperationException();
    }

    /** The accepting side. */
    public static Channel respond(ChannelSettings settings, long now) {
        throw new UnsupportedOperationException();
    }

    /** Takes all of {@code in}. */
    public void receive(ByteBuffer in, long now) {
        throw new UnsupportedOperationException();
    }

    /** The peer has half-closed, closed or reset the connection. */
    public void endOfInput(long now) {
        throw new UnsupportedOperationException();
    }

    /** Says whether the host should read on; false while a task or a decision is awaited. */
    public boolean wantsInput() {
        throw new UnsupportedOperationException();
    }

    /** Says whether {@link #transmit} would return something. */
    public boolean hasOutput() {
        throw new UnsupportedOperationException();
    }

    /**
     * Seals and returns whole frames to write now: as many as fit into {@code budget} bytes, at least one if one waits,
     * else an empty array.
     */
    public byte[] transmit(int budget, long now) {
        throw new UnsupportedOperationException();
    }

    /** Lets time pass. */
    public void tick(long now) {
        throw new UnsupportedOperationException();
    }

    /** Returns when {@link #tick} is due; Long.MAX_VALUE: never. */
    public long deadline() {
        throw new UnsupportedOperationException();
    }

    /** Takes the next event; null when there is none. */
    public ChannelEvent poll() {
        throw new UnsupportedOperationException();
    }

    /** Takes a task back after its run; does nothing where the channel has ended meanwhile. */
    public void complete(Task task, long now) {
        throw new UnsupportedOperationException();
    }

    /** Gives a task up, not run, because a quota is used up: REJECT 7. */
    public void refuse(Task task, long now) {
        throw new UnsupportedOperationException();
    }

    /** Initiator, after ResponderNamed: reveals our identity and goes on. Ignored once the channel has ended. */
    public void proceed(long now) {
        throw new UnsupportedOperationException();
    }

    /** Responder, after InitiatorProved: lets the peer in, with at once a record. Ignored once the channel has ended. */
    public void admit(long now) {
        throw new UnsupportedOperationException();
    }

    /**
     * Initiator after ResponderNamed: ALERT with this code. Responder after InitiatorProved: CLOSE with this code, and
     * nothing that the peer sends is handled. Ignored once the channel has ended.
     */
    public void turnAway(Failure code, long now) {
        throw new UnsupportedOperationException();
    }

    /**
     * Queues a MESSAGE, ACK or FILE record; legal from Authenticated (initiator) or Up (responder) on.
     *
     * @return false: the queue is full, or the session is closing or not there yet
     * @throws IllegalArgumentException for another kind, or one longer than {@link #remoteMaxPlaintext}
     */
    public boolean send(Record record, long now) {
        throw new UnsupportedOperationException();
    }

    /** Queues a PING; does nothing where there is no session. */
    public void ping(long now) {
        throw new UnsupportedOperationException();
    }

    /** Ends the connection in the way that its state asks for: CLOSE in a session, else REJECT. A second time does nothing. */
    public void close(Failure code, String reason, long now) {
        throw new UnsupportedOperationException();
    }

    /** The host lost or gives up the socket: wipes everything; the event Ended (ABORTED) follows if none came before. */
    public void abort(long now) {
        throw new UnsupportedOperationException();
    }

    /** Wipes everything, like {@link #abort}. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Returns which side we are. */
    public Role role() {
        throw new UnsupportedOperationException();
    }

    /** Returns the suite once one is chosen. */
    public Optional<Suite> suite() {
        throw new UnsupportedOperationException();
    }

    /** Returns the session's id once the peer is authenticated. */
    public Optional<UUID> sessionId() {
        throw new UnsupportedOperationException();
    }

    /** Returns the peer once it is authenticated. */
    public Optional<Identity> peer() {
        throw new UnsupportedOperationException();
    }

    /** Returns the longest record plaintext that the peer accepts, in bytes; 0 where it is not known yet. */
    public int remoteMaxPlaintext() {
        throw new UnsupportedOperationException();
    }

    /** Returns the epoch of what we send. */
    public int sendEpoch() {
        throw new UnsupportedOperationException();
    }

    /** Returns the epoch of what we receive. */
    public int receiveEpoch() {
        throw new UnsupportedOperationException();
    }

    /** Returns the bytes of plaintext that wait to be sealed and written. */
    public long queuedBytes() {
        throw new UnsupportedOperationException();
    }

    /** Returns when the last record opened, on the host's clock; the start where none has. */
    public long lastHeard() {
        throw new UnsupportedOperationException();
    }

    /** Returns where the connection stands, for display. */
    public Phase phase() {
        throw new UnsupportedOperationException();
    }

    /** Where a connection stands. */
    public enum Phase {
        HANDSHAKE,
        /** Keys exist; the session does not count yet. */
        AUTHENTICATED,
        UP,
        CLOSING,
        ENDED
    }
}
