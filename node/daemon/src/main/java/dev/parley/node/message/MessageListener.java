package dev.parley.node.message;

import java.util.UUID;

/** Is told of messages. Every bean of this type is told, on a thread that the node needs for others: return at once, never block. */
public interface MessageListener {

    /** A new message; repetitions of a known one are not told. */
    default void received(IncomingMessage message) {}

    /**
     * A peer has taken a message of ours, or says that it had it already. On the event loop of its session.
     *
     * @param nanos since it was handed to that session
     */
    default void acknowledged(long nanos) {}

    /** A message of ours has another state at one peer. */
    default void changed(UUID message, Delivery delivery) {}
}
