package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this node holds of one peer; a value. The PeerId is the hash of the peer's public key, so that it pins the key.
 *
 * @param alias the operator's name for it, unique among the peers
 * @param claimedName the name that it gives itself, a claim; empty where it gives none
 * @param addresses {@code host:port} where it was reached or is said to be, most recent first, at most {@value #ADDRESSES_KEPT}
 * @param lastSeen when it last proved its key
 * @param letInBy what it was let in by, if it is
 * @param keys other keys in its history
 */
public record KnownPeer(
        PeerId id,
        Optional<String> alias,
        String claimedName,
        PeerState state,
        List<String> addresses,
        Instant firstSeen,
        Optional<Instant> lastSeen,
        LetInBy letInBy,
        KeyNotes keys) {

    static final int ADDRESSES_KEPT = 8;

    public KnownPeer {
        addresses = List.copyOf(addresses);
    }

    /** One without other keys in its history. */
    public KnownPeer(
            PeerId id,
            Optional<String> alias,
            String claimedName,
            PeerState state,
            List<String> addresses,
            Instant firstSeen,
            Optional<Instant> lastSeen) {
        this(id, alias, claimedName, state, addresses, firstSeen, lastSeen, LetInBy.unsaid(state), KeyNotes.NONE);
    }

    /** The alias, or else the PeerId. */
    public String shown() {
        return alias.orElseGet(id::toString);
    }

    KnownPeer with(PeerState other) {
        return new KnownPeer(id, alias, claimedName, other, addresses, firstSeen, lastSeen, letInBy, keys);
    }

    KnownPeer by(LetInBy other) {
        return new KnownPeer(id, alias, claimedName, state, addresses, firstSeen, lastSeen, other, keys);
    }

    KnownPeer named(Optional<String> other) {
        return new KnownPeer(id, other, claimedName, state, addresses, firstSeen, lastSeen, letInBy, keys);
    }

    KnownPeer seen(String name, Instant now) {
        return new KnownPeer(id, alias, name, state, addresses, firstSeen, Optional.of(now), letInBy, keys);
    }

    KnownPeer at(String address) {
        if (!addresses.isEmpty() && addresses.getFirst().equals(address)) {
            return this;
        }
        List<String> all = new ArrayList<>(addresses);
        all.remove(address);
        all.addFirst(address);
        return new KnownPeer(
                id,
                alias,
                claimedName,
                state,
                all.subList(0, Math.min(all.size(), ADDRESSES_KEPT)),
                firstSeen,
                lastSeen,
                letInBy,
                keys);
    }

    KnownPeer without(String address) {
        List<String> all = new ArrayList<>(addresses);
        all.remove(address);
        return new KnownPeer(id, alias, claimedName, state, all, firstSeen, lastSeen, letInBy, keys);
    }

    KnownPeer with(KeyNotes other) {
        return new KnownPeer(id, alias, claimedName, state, addresses, firstSeen, lastSeen, letInBy, other);
    }

    /** What is left when alias and addresses went to another key: let in no more. */
    KnownPeer dethroned() {
        PeerState left = state == PeerState.BLOCKED ? PeerState.BLOCKED : PeerState.PENDING;
        return new KnownPeer(
                id,
                Optional.empty(),
                claimedName,
                left,
                List.of(),
                firstSeen,
                lastSeen,
                letInBy,
                new KeyNotes(keys.predecessor(), Optional.empty()));
    }

    /** This, as the peer that {@code old} was: with its alias, its addresses and its history. */
    KnownPeer inPlaceOf(KnownPeer old, PeerState then, KeyNotes notes) {
        KnownPeer heir = new KnownPeer(
                id,
                old.alias.or(() -> alias),
                claimedName.isEmpty() ? old.claimedName : claimedName,
                then,
                addresses,
                old.firstSeen.isBefore(firstSeen) ? old.firstSeen : firstSeen,
                lastSeen,
                old.letInBy,
                notes);
        for (String address : old.addresses.reversed()) {
            heir = heir.at(address);
        }
        return heir;
    }
}
