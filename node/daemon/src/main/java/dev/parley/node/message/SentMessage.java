package dev.parley.node.message;

import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What is known of a message that this node sends, without its content. */
public record SentMessage(
        long seq,
        UUID id,
        Record.Scope scope,
        String group,
        String mediaType,
        long size,
        Instant createdAt,
        Instant expiresAt,
        List<Delivery> deliveries) {

    /** Whether every delivery has ended. */
    public boolean isSettled() {
        return deliveries.stream().allMatch(each -> each.state().isFinal());
    }
}
