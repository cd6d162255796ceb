package dev.parley.node.message;

import java.util.UUID;

/** Is told of messages. Every bean of this type is told, on a thread that the node needs for others: return at once, never block. */
public interface MessageListener {

    /** A new message; repetitions of a known one are not told. */
    default void received(IncomingMessage message) {}

    /** A message of ours has another state at one peer. */
    default void changed(UUID message, Delivery delivery) {}
}
