package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.util.Optional;

/**
 * Is told of every change among the known peers, after it is in force. Every bean of this type is told, on the thread that
 * made the change, which may be an event loop: return at once.
 */
public interface PeerListener {

    /** A peer has proved a key that is not known, and waits for a decision. @param remote where it is */
    default void pending(KnownPeer peer, String remote) {}

    /** The peer is let in from now on. */
    default void approved(KnownPeer peer) {}

    default void verified(KnownPeer peer) {}

    default void blocked(KnownPeer peer) {}

    default void aliased(KnownPeer peer, Optional<String> before) {}

    /** @param peer what was known of it */
    default void forgotten(KnownPeer peer) {}

    /** Where a known peer lives another key answered, and was refused. */
    default void keyChanged(KnownPeer known, String address, PeerId other) {}
}
