package dev.parley.node.trust;

import dev.parley.node.trust.PeerException.Reason;
import dev.parley.protocol.crypto.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How an operator names a peer: by alias, by PeerId, or by the beginning of a PeerId that no other known peer shares. */
final class PeerNames {

    static final int PREFIX_AT_LEAST = 4;
    private static final int CANDIDATES_SHOWN = 5;
    private static final Pattern ALIAS = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,63}");

    private PeerNames() {}

    static KnownPeer resolve(String text, Collection<KnownPeer> peers) {
        for (KnownPeer peer : peers) {
            if (peer.alias().filter(text::equals).isPresent()
                    || peer.id().toString().equals(text)) {
                return peer;
            }
        }
        List<KnownPeer> candidates = text.length() < PREFIX_AT_LEAST
                ? List.of()
                : peers.stream()
                        .filter(peer -> peer.id().toString().startsWith(text))
                        .toList();
        return switch (candidates.size()) {
            case 0 -> throw new PeerException(Reason.NOT_FOUND, "no known peer has this alias or id");
            case 1 -> candidates.getFirst();
            default ->
                throw new PeerException(
                        Reason.AMBIGUOUS,
                        "%d known peers have an id that begins like this: %s"
                                .formatted(
                                        candidates.size(),
                                        String.join(
                                                ", ",
                                                candidates.stream()
                                                        .limit(CANDIDATES_SHOWN)
                                                        .map(KnownPeer::shown)
                                                        .toList())));
        };
    }

    /** The first of some names that may be the alias of {@code peer}. */
    static Optional<String> firstFree(Collection<String> names, PeerId peer, Collection<KnownPeer> peers) {
        return names.stream().filter(name -> mayBe(name, peer, peers)).findFirst();
    }

    private static boolean mayBe(String name, PeerId peer, Collection<KnownPeer> peers) {
        try {
            check(name, peer, peers);
            return true;
        } catch (PeerException taken) {
            return false;
        }
    }

    /** Checks that {@code alias} may be the name of {@code peer}. */
    static void check(String alias, PeerId peer, Collection<KnownPeer> peers) {
        if (!ALIAS.matcher(alias).matches()) {
            throw new PeerException(
                    Reason.INVALID,
                    "not an alias: expected 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
        if (alias.length() == PeerId.TEXT_LENGTH && alias.matches("[a-z2-7]+")) {
            throw new PeerException(Reason.INVALID, "not an alias: it reads like a peer id");
        }
        for (KnownPeer other : peers) {
            if (!other.id().equals(peer) && other.alias().filter(alias::equals).isPresent()) {
                throw new PeerException(Reason.ALIAS_TAKEN, "the alias belongs to " + other.id());
            }
        }
    }
}
