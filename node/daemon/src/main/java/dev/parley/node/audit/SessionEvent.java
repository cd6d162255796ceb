package dev.parley.node.audit;

import java.time.Duration;
import java.util.UUID;

/** Sessions: authenticated channels with peers that are let in. */
public sealed interface SessionEvent extends AuditEvent {

    @Audited("A session with a trusted peer is up.")
    record SessionUp(UUID session, long connection, String peer, String alias, Role role, String remote, String suite)
            implements SessionEvent {}

    @Audited(
            "A session has ended: by whom, and the code and reason of the CLOSE if there was one. Code 12: another session with the peer stays.")
    record SessionClosed(
            UUID session,
            String peer,
            Party by,
            int code,
            String detail,
            Claim reason,
            Duration after,
            long messagesIn,
            long messagesOut)
            implements SessionEvent {}

    @Audited(
            "A peer is about to end and says in how many seconds it expects to be back; 0: it does not know. This node dials it no earlier, unless the operator wants it.")
    record PeerLeaving(UUID session, String peer, long backInSeconds) implements SessionEvent {}

    @Audited("Both directions of a session have moved to fresh keys.")
    record SessionRatcheted(UUID session, String peer, long epoch) implements SessionEvent {}

    @Audited(
            value =
                    "An authenticated peer was not let in: the code is 4 (not trusted), 5 (awaiting approval), 6 (blocked).",
            level = Level.WARN)
    record SessionRefused(UUID session, String peer, String remote, int code, String detail) implements SessionEvent {}

    @Audited(value = "A record did not open: bytes were changed, replayed, dropped or reordered.", level = Level.ALARM)
    record Tampering(UUID session, long connection, String peer, String remote, long epoch, long n)
            implements SessionEvent {}

    @Audited(value = "The transport ended without a CLOSE, or inside a frame.", level = Level.ALARM)
    record Truncation(UUID session, long connection, String peer, String remote, String detail)
            implements SessionEvent {}

    @Audited(value = "An authenticated peer broke the protocol; the session ends.", level = Level.WARN)
    record ProtocolViolation(UUID session, String peer, int code, String detail) implements SessionEvent {}

    @Audited(
            value = "A record of a kind that this node does not know was ignored; told once a session.",
            level = Level.WARN)
    record UnknownKind(UUID session, String peer, int kind) implements SessionEvent {}
}
