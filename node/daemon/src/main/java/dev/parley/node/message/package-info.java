/**
 * Messages: what goes out to whom ({@link dev.parley.node.message.Outbox}), how it goes over a session and is acknowledged
 * ({@link dev.parley.node.message.Messages}, {@link dev.parley.node.message.SessionDelivery}), what came in ({@link dev.parley.node.message.Arrivals},
 * {@link dev.parley.node.message.Inbox}), both as the operator sees them ({@link dev.parley.node.message.History}), groups, and
 * how long all of it is kept. May use {@code session}, {@code trust}, {@code store} and {@code audit}; knows nothing of sockets
 * and of the admin API.
 *
 * <p>Nothing is told to anybody, operator or peer, before it is durable.
 */
package dev.parley.node.message;
