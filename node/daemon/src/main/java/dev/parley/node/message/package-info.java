/**
 * Messages: what is to go out to whom ({@link dev.parley.node.message.Outbox}), how it goes over a session and is acknowledged
 * ({@link dev.parley.node.message.SessionDelivery}), and what came in ({@link dev.parley.node.message.Inbox}). May use
 * {@code session}, {@code trust} and {@code audit}; knows nothing of sockets and of the admin API.
 *
 * <p>This version keeps both boxes in memory: a message survives the loss of a session, not of the process.
 */
package dev.parley.node.message;
