package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One message on its way to one peer.
 *
 * @param peerId the peer
 * @param alias our name for the peer; absent when it has none
 * @param state where it stands
 * @param queuedAt when the node took it
 * @param sentAt when it was last written to a session; absent before
 * @param finishedAt when it reached its final state; absent before
 * @param reason why it was refused, expired or cancelled; absent otherwise
 * @param attempts each time it was sealed into a session, oldest first; absent in lists and events
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delivery(
        String peerId,
        String alias,
        DeliveryState state,
        Instant queuedAt,
        Instant sentAt,
        Instant finishedAt,
        String reason,
        List<Attempt> attempts) {
    /**
     * The message was sealed and written to a session.
     *
     * @param at when
     * @param sessionId the session
     * @param epoch the ratchet's epoch
     * @param n number of the record in that epoch, from 0
     */
    public record Attempt(Instant at, UUID sessionId, long epoch, long n) {}
}
