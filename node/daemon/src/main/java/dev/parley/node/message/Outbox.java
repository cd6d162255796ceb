package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What this node sends, until and after it is delivered. Thread-safe. */
public interface Outbox {

    /**
     * Keeps a message for all its peers.
     *
     * @throws OutboxFullException if one of its peers has too much waiting; then it is kept for none
     */
    void add(OutgoingMessage message);

    /** What the peer has not acknowledged yet, in the order of ids. */
    List<OutgoingMessage> unsettled(PeerId peer);

    /** The message has reached its final state at this peer. */
    void settled(OutgoingMessage message, PeerId peer);

    Optional<OutgoingMessage> get(UUID id);

    /** The newest {@code limit} messages, newest first. */
    List<OutgoingMessage> newest(int limit);

    /** A peer has as much waiting as the node holds for it. */
    final class OutboxFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public OutboxFullException(String message) {
            super(message);
        }
    }
}
