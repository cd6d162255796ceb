package dev.parley.node.net;

import dev.parley.node.session.Session;
import dev.parley.protocol.crypto.PeerId;
import java.util.Optional;

/**
 * What came of a dial.
 *
 * @param detail one line for people
 * @param peer who answered and proved it; for KEY_CHANGED and MISMATCH only who claimed to be there
 * @param claimedName the display name that the peer gives itself; empty where it gives none
 * @param session the session, exactly when {@code kind} is CONNECTED
 */
public record DialOutcome(
        Kind kind, String detail, Optional<PeerId> peer, String claimedName, Optional<Session> session) {

    /** How a dial can end. */
    public enum Kind {
        CONNECTED(true),
        /** Nobody listens, no such host, or the connection broke. */
        FAILED(true),
        TIMED_OUT(true),
        /** The peer has no room now. */
        BUSY(true),
        /** The peer's operator has to approve this node. */
        AWAITING_APPROVAL(true),
        /** The peer does not let this node in. */
        NOT_TRUSTED(true),
        /** This node does not let in the peer that answered: no certificate vouches for it. */
        NOT_CERTIFIED(true),
        /** The peer has blocked this node. */
        BLOCKED(true),
        /** This node has blocked the peer that answered. */
        BLOCKED_HERE(false),
        /** Where a known peer lives, another key answered. */
        KEY_CHANGED(true),
        /** Another than the PeerId that the operator expects answered. */
        MISMATCH(false),
        CONNECTED_TO_SELF(false),
        /** This node is shutting down. */
        STOPPING(false);

        private final boolean worthAnother;

        Kind(boolean worthAnother) {
            this.worthAnother = worthAnother;
        }

        /** Whether the same dial can come to something better later. */
        boolean worthAnother() {
            return worthAnother;
        }
    }

    static DialOutcome failed(Kind kind, String detail) {
        return new DialOutcome(kind, detail, Optional.empty(), "", Optional.empty());
    }
}
