package dev.parley.node.session;

import dev.parley.protocol.Ending;
import dev.parley.protocol.wire.Record;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the parts of the node above sessions are told of them. Every bean of this type is told, on the session's event loop:
 * so each call returns at once and never blocks.
 */
public interface SessionObserver {

    /** The session may carry messages: both sides are authenticated and let in, and the operator knows the peer. */
    default void sessionUp(Session session) {}

    /** A MESSAGE, ACK or file record came. */
    default void received(Session session, Record record, Sealed sealed) {}

    /** A MESSAGE was sealed and handed to the socket. */
    default void sent(Session session, Record record, Sealed sealed) {}

    /** What the session had to write is written: there is room again. */
    default void writable(Session session) {}

    /**
     * This node ends: begin nothing new in this session. Called once, while it is up.
     *
     * @return completes on any thread once nothing is under way that would have to be told to the peer, or heard of it;
     *     the session is closed then, or when time is up
     */
    default CompletionStage<Void> windUp(Session session) {
        return CompletableFuture.completedFuture(null);
    }

    /** The session is over, whether or not it was up before. */
    default void sessionEnded(Session session, Ending ending) {}

    /**
     * A record as it was on the wire.
     *
     * @param epoch the ratchet's epoch that it was sealed in
     * @param number its place in that epoch and direction, from 0
     * @param frame the whole ciphertext frame; shared, not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Sealed(long epoch, long number, byte[] frame) {}
}
