/**
 * The bridge to NATS JetStream: what came is published there once it is durable here ({@link dev.parley.node.bridge.Publisher}),
 * what is published there for others is taken into the outbox ({@link dev.parley.node.bridge.Taker}). Two threads of its own
 * do all of it, so that a broker that is slow or away costs the node nothing but disk.
 *
 * <p>May use {@code message}, {@code trust}, {@code store}, {@code audit} and {@code config}; nothing but {@code boot} knows it.
 */
package dev.parley.node.bridge;
