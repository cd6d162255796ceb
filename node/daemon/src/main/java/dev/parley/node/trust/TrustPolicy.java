package dev.parley.node.trust;

import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import java.util.Optional;

/** Who may connect, as the network asks it. Thread-safe; called on event loops, so every call returns at once. */
public interface TrustPolicy {

    /** What to do with an authenticated peer. */
    enum Decision {
        ADMIT,
        /** It waits for the operator: CLOSE 5. */
        PENDING,
        /** CLOSE 4. */
        REFUSE,
        /** CLOSE 6. */
        BLOCKED
    }

    /**
     * Decides about an authenticated peer, and remembers that it was met.
     *
     * @param remote {@code ip:port}
     * @param connection is told that a stranger was not even queued, which any stranger can cause as often as it likes
     */
    Decision decide(Identity peer, String remote, Role role, AuditLog connection);

    /**
     * Why a peer that has proved its key is not to be let in, or not any longer; empty if it may be, or if that is not decided by
     * certificates.
     *
     * @param acceptNew whether the operator has just said that an unknown peer is to be trusted
     */
    Optional<Refusal> refusal(Identity peer, boolean acceptNew);

    /**
     * Why certificates keep a peer out.
     *
     * @param revoked the key that is revoked: the peer's or one of an authority above it; empty for another reason
     * @param reason one line for the audit log and the operator
     */
    record Refusal(Optional<PeerId> revoked, String reason) {}

    /**
     * A dial has reached an authenticated peer: remembers it, and where. An unknown one awaits the operator's decision, or is
     * trusted at once with {@code acceptNew} or in mode first-use.
     *
     * @param address {@code host:port} that was dialed
     */
    void met(Identity peer, String address, boolean acceptNew);

    /**
     * Whether a key that answers where a known peer lives shows that the peer's key named it as the next one; that its holder
     * has it is still to be proved. Verifies signatures, some tenths of a millisecond each.
     */
    boolean isSuccessor(PeerId known, Identity claimed);

    /** Where a known peer lives, another key answered; nothing about that key is proved. */
    void keyChanged(PeerId known, String address, PeerId other);

    /** The peer that is known at an address {@code host:port}, if any. */
    Optional<PeerId> knownAt(String address);

    /** The operator's name for a peer. */
    Optional<String> alias(PeerId peer);

    /** Whether messages may go to and come from the peer: it is trusted or verified. */
    boolean isTrusted(PeerId peer);

    /** Whether the peer is refused: the operator blocked it, or it has a successor. */
    boolean isBlocked(PeerId peer);
}
