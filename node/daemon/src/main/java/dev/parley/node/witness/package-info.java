/**
 * What peers vouch for (PSP/1 section 7): the heads of their logs that this node holds, those of its own log that it hands out,
 * receipts for messages, and proofs made of these for third parties.
 *
 * <p>Signing and looking through the log is done on threads of this package's own, never on an event loop; what a peer can ask
 * for is rationed.
 *
 * <p>May use {@code message}, {@code session}, {@code trust}, {@code store}, {@code audit} and {@code config}.
 */
package dev.parley.node.witness;
