package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where one message to one peer stands; a value.
 *
 * @param queuedAt when it was taken
 * @param endedAt when it reached its final state
 * @param reason why it was refused, expired or cancelled
 * @param attempts each time it was sealed into a session, oldest first
 */
public record Delivery(
        PeerId peer,
        DeliveryState state,
        Instant queuedAt,
        Optional<Instant> endedAt,
        Optional<String> reason,
        List<Attempt> attempts) {

    /** It was sealed as record {@code n} of an epoch of a session. */
    public record Attempt(Instant at, UUID session, long epoch, long n) {}

    /** When it was last written to a session. */
    public Optional<Instant> sentAt() {
        return attempts.isEmpty()
                ? Optional.empty()
                : Optional.of(attempts.getLast().at());
    }
}
