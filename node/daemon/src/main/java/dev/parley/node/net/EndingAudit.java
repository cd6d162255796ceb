package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditEvent.Party;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.Claim;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.audit.HandshakeEvent;
import dev.parley.node.audit.SessionEvent;
import dev.parley.node.session.Session;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Tells the audit log how a connection ended: what it meant for the session or handshake on it, then the connection itself. */
final class EndingAudit {

    private EndingAudit() {}

    /** @param session the session that was up on the connection, or null */
    static void record(
            AuditLog audit, PeerConnection connection, Role role, Session session, Ending ending, Duration after) {
        if (session == null) {
            audit.record(beforeUp(connection, role, ending));
        } else {
            alarm(connection, session, ending).ifPresent(audit::record);
            audit.record(new SessionEvent.SessionClosed(
                    session.id(),
                    session.peerId().toString(),
                    party(ending),
                    ending.code(),
                    ending.detail(),
                    Claim.of(ending.reason()),
                    after,
                    session.messagesReceived.sum(),
                    session.messagesSent.sum()));
        }
        audit.record(new ConnectionEvent.ConnectionClosed(
                connection.number(),
                role,
                connection.remoteAddress(),
                connection.bytesIn(),
                connection.bytesOut(),
                ending.how().name()));
    }

    private static AuditEvent beforeUp(PeerConnection connection, Role role, Ending ending) {
        String remote = connection.remoteAddress();
        Optional<PeerId> peer = connection.channel().peer().map(identity -> identity.peerId());
        return switch (ending.how()) {
            case REJECTED_BY_PEER -> rejected(connection, role, ending, "REJECT");
            case ALERTED_BY_PEER -> rejected(connection, role, ending, "ALERT");
            case CLOSED, CLOSED_BY_PEER ->
                new SessionEvent.SessionRefused(
                        connection.channel().sessionId().orElse(null),
                        peer.map(PeerId::toString).orElse(null),
                        remote,
                        ending.code(),
                        ending.how() == Ending.How.CLOSED
                                ? ending.detail()
                                : "refused by the peer: " + ending.failure().text());
            case REJECTED, ALERTED, HANDSHAKE_FAILED, TAMPERED, TRUNCATED, LOST, ABORTED ->
                new HandshakeEvent.HandshakeFailed(
                        connection.number(),
                        role,
                        remote,
                        ending.code(),
                        ending.detail(),
                        connection
                                .channel()
                                .claimed()
                                .map(claimed -> Claim.of(claimed.peerId().toString()))
                                .orElse(null));
        };
    }

    private static AuditEvent rejected(PeerConnection connection, Role role, Ending ending, String form) {
        return new HandshakeEvent.HandshakeRejected(
                connection.number(), role, connection.remoteAddress(), form, ending.code(), Claim.of(ending.reason()));
    }

    private static Optional<AuditEvent> alarm(PeerConnection connection, Session session, Ending ending) {
        UUID id = session.id();
        String peer = session.peerId().toString();
        String remote = connection.remoteAddress();
        return switch (ending.how()) {
            case TAMPERED ->
                Optional.of(new SessionEvent.Tampering(
                        id,
                        connection.number(),
                        peer,
                        remote,
                        connection.channel().receiveEpoch(),
                        connection.channel().receiveN()));
            case TRUNCATED, ABORTED ->
                Optional.of(new SessionEvent.Truncation(id, connection.number(), peer, remote, ending.detail()));
            case CLOSED ->
                ending.failure() == Failure.MALFORMED
                        ? Optional.of(new SessionEvent.ProtocolViolation(id, peer, ending.code(), ending.detail()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Party party(Ending ending) {
        return switch (ending.how()) {
            case CLOSED, REJECTED, ALERTED, TAMPERED, HANDSHAKE_FAILED -> Party.US;
            case CLOSED_BY_PEER, REJECTED_BY_PEER, ALERTED_BY_PEER -> Party.PEER;
            case TRUNCATED, LOST, ABORTED -> Party.NETWORK;
        };
    }
}
