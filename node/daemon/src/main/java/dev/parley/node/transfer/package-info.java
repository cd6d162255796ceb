/**
 * Files: what the operator hands over is spooled, offered to its peer and sent; what a peer offers is taken by the policy, or
 * by the operator's word, and kept. Contents lie sealed in the spool, and a transfer goes on where it stood after a cut or
 * the death of either node (PSP/1 section 5, "Files").
 *
 * <p>Three kinds of threads meet here. What belongs to one session ({@link dev.parley.node.transfer.SessionFiles} and the
 * streams in it) is confined to that session's event loop and never waits. What belongs to one transfer
 * ({@link dev.parley.node.transfer.LiveTransfer}) is confined to its {@link dev.parley.node.transfer.Lane}, where the disk and
 * the database may be waited for. Callers of {@link dev.parley.node.transfer.Transfers} bring their own.
 *
 * <p>May use {@code store}, {@code trust}, {@code session}, {@code audit} and {@code config}.
 */
package dev.parley.node.transfer;
