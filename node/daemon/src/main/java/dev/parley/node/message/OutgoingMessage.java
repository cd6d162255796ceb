package dev.parley.node.message;

import dev.parley.node.trace.TraceContext;
import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One message that this node sends, to however many peers.
 *
 * @param seq its place in the history; in the order of ids
 * @param record what goes over the wire
 * @param createdAt when it was taken
 * @param expiresAt when it is given up where it is not delivered
 * @param trace its place in its trace, where it is traced
 */
public record OutgoingMessage(
        long seq, Record.Message record, Instant createdAt, Instant expiresAt, Optional<TraceContext> trace) {

    public UUID id() {
        return record.id();
    }

    /** Length of the content in bytes. */
    public int size() {
        return record.payload().length;
    }
}
