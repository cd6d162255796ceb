package dev.parley.node.audit;

import java.time.Duration;
import java.util.UUID;

/** Handshakes. Until one is complete nothing that the other side says is proved. */
public sealed interface HandshakeEvent extends AuditEvent {

    @Audited("A handshake has begun.")
    record HandshakeStarted(long connection, Role role, String remote) implements HandshakeEvent {}

    @Audited("Both sides are authenticated. Whether the peer is let in is decided now.")
    record HandshakeCompleted(
            long connection,
            Role role,
            String remote,
            String peer,
            UUID session,
            String suite,
            Duration after,
            Claim name,
            Claim address)
            implements HandshakeEvent {}

    @Audited(
            value =
                    "A handshake failed at this node. The code is the one the other side was told or would have been told; a peer is only claimed.",
            level = Level.WARN)
    record HandshakeFailed(long connection, Role role, String remote, int code, String detail, Claim peer)
            implements HandshakeEvent {}

    @Audited(
            value =
                    "The other side ended the handshake. Form REJECT is unauthenticated, ALERT is sealed; the reason is its own.",
            level = Level.WARN)
    record HandshakeRejected(long connection, Role role, String remote, String form, int code, Claim reason)
            implements HandshakeEvent {}

    @Audited(
            value =
                    "A handshake was turned away because a quota was used up: RSA unwraps of its address, or handshakes half open.",
            level = Level.WARN)
    record QuotaExceeded(long connection, String remote, String quota) implements HandshakeEvent {}
}
