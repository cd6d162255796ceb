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

    /** The peer's key has named the next one, which takes its place in everything. */
    default void succeeded(KnownPeer old, KnownPeer next) {}

    /** The operator has given a peer's place to another key. @param old what is left of the one before, let in no more */
    default void keyAccepted(KnownPeer old, KnownPeer next) {}

    /** The peer is let in no more until the operator decides anew, because its key named two successors. */
    default void suspended(KnownPeer peer, PeerId other, String remote) {}
}
