package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.Optional;

/**
 * The other keys in a peer's history.
 *
 * @param predecessor the key that named this one as the next
 * @param other a key that claimed this peer's place and was refused
 */
public record KeyNotes(Optional<PeerId> predecessor, Optional<OtherKey> other) {
    static final KeyNotes NONE = new KeyNotes(Optional.empty(), Optional.empty());

    /**
     * A key that answered where a peer is known, or that a key of the peer named besides this one.
     *
     * @param where {@code host:port} that was dialed, or where it came from
     * @param settled whether the operator has decided since that the peer's present key is the right one
     */
    public record OtherKey(PeerId id, String where, Instant firstSeen, Instant lastSeen, boolean settled) {}

    KeyNotes after(PeerId key) {
        return new KeyNotes(Optional.of(key), Optional.empty());
    }

    KeyNotes claimed(PeerId key, String where, Instant now) {
        boolean settled = other.map(OtherKey::settled).orElse(false);
        Instant first = other.filter(known -> known.id().equals(key))
                .map(OtherKey::firstSeen)
                .orElse(now);
        return new KeyNotes(predecessor, Optional.of(new OtherKey(key, where, first, now, settled)));
    }

    /** The operator has decided against a key, for the one that {@code winner} is. */
    KeyNotes lost(PeerId key, OtherKey winner) {
        return new KeyNotes(
                predecessor,
                Optional.of(new OtherKey(key, winner.where(), winner.firstSeen(), winner.lastSeen(), true)));
    }

    KeyNotes settled() {
        return new KeyNotes(
                predecessor,
                other.map(each -> new OtherKey(each.id(), each.where(), each.firstSeen(), each.lastSeen(), true)));
    }
}
