package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One message on its way to one peer; a value, replaced at every step.
 *
 * @param sentAt when it was last written to a session
 * @param endedAt when it reached its final state
 * @param sessionId the session that it was last written to
 * @param reason why it was refused, expired or cancelled
 */
public record Delivery(
        PeerId peer,
        DeliveryState state,
        Instant queuedAt,
        Optional<Instant> sentAt,
        Optional<Instant> endedAt,
        Optional<UUID> sessionId,
        Optional<String> reason) {

    static Delivery queued(PeerId peer, Instant now) {
        return new Delivery(
                peer,
                DeliveryState.QUEUED,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Delivery sent(UUID session, Instant now) {
        return new Delivery(
                peer, DeliveryState.SENT, queuedAt, Optional.of(now), endedAt, Optional.of(session), reason);
    }

    Delivery ended(DeliveryState state, Optional<String> reason, Instant now) {
        return new Delivery(peer, state, queuedAt, sentAt, Optional.of(now), sessionId, reason);
    }
}
