package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.Claim;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.audit.HandshakeEvent;
import dev.parley.node.audit.SessionEvent;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver.Sealed;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What is the same for a connection that came and one that was dialed: it becomes a session, its records are handed on, and
 * the audit log is told of each step. One object a connection, confined to its event loop.
 */
abstract class PeerOwner implements PeerConnection.Owner {

    private final Role role;
    private final SessionRegistry sessions;
    private final AuditLog audit;
    private final long startedAt = Ticks.now();
    private Session session;

    PeerOwner(Role role, SessionRegistry sessions, AuditLog audit) {
        this.role = role;
        this.sessions = sessions;
        this.audit = audit;
    }

    /** The other side has proved its key, or, for an initiator, named it. */
    abstract void handshake(PeerConnection connection, ChannelEvent event);

    /** The connection is over; what the owner's own side has to do about it. */
    abstract void over(PeerConnection connection, Ending ending);

    /** Whether the session may carry messages at once, or waits for the operator. */
    abstract boolean confirmed(PeerConnection connection, Identity peer);

    /** The operator's name for a peer, or null. */
    abstract String alias(PeerId peer);

    /** The session is up and registered. */
    abstract void up(PeerConnection connection, Session session);

    void opened(PeerConnection connection) {
        audit.record(new ConnectionEvent.ConnectionOpened(
                connection.number(), role, connection.localAddress(), connection.remoteAddress()));
        audit.record(new HandshakeEvent.HandshakeStarted(connection.number(), role, connection.remoteAddress()));
    }

    @Override
    public final void event(PeerConnection connection, ChannelEvent event) {
        switch (event) {
            case ChannelEvent.ResponderNamed named -> handshake(connection, named);
            case ChannelEvent.InitiatorProved proved -> {
                completed(connection, proved.peer(), proved.sessionId(), proved.suite());
                handshake(connection, proved);
            }
            case ChannelEvent.Authenticated authenticated -> {
                completed(connection, authenticated.peer(), authenticated.sessionId(), authenticated.suite());
                handshake(connection, authenticated);
            }
            case ChannelEvent.Up up -> openSession(connection, up.peer(), up.sessionId());
            case ChannelEvent.Heard ignored -> {
                if (session != null) {
                    sessions.heard(session);
                }
            }
            case ChannelEvent.Received received -> {
                if (session != null) {
                    sessions.received(
                            session, received.record(), new Sealed(received.epoch(), received.n(), received.frame()));
                }
            }
            case ChannelEvent.Sent sent ->
                sessions.sent(session, sent.message(), new Sealed(sent.epoch(), sent.n(), sent.frame()));
            case ChannelEvent.Ratcheted ratcheted ->
                audit.record(new SessionEvent.SessionRatcheted(
                        session.id(), session.peerId().toString(), ratcheted.epoch()));
            case ChannelEvent.UnknownKind unknown ->
                audit.record(new SessionEvent.UnknownKind(
                        session.id(), session.peerId().toString(), unknown.kind()));
            case ChannelEvent.TaskReady ignored -> throw new IllegalStateException("tasks have their own door");
            case ChannelEvent.ShutdownOutput ignored -> throw new IllegalStateException("the connection's own");
            case ChannelEvent.Ended ignored -> throw new IllegalStateException("the connection's own");
        }
    }

    @Override
    public final void crowdedOut(PeerConnection connection) {
        audit.record(new HandshakeEvent.QuotaExceeded(
                connection.number(), connection.remoteAddress(), "handshakes half open"));
    }

    @Override
    public final void writable(PeerConnection connection) {
        if (session != null) {
            sessions.writable(session);
        }
    }

    @Override
    public final void ended(PeerConnection connection, Ending ending) {
        EndingAudit.record(audit, connection, role, session, ending, Duration.ofMillis(Ticks.now() - startedAt));
        if (session != null) {
            sessions.ended(session, ending);
        }
        over(connection, ending);
    }

    /** A decision that came between the look-up of trust and the registration of the session has found none to close. */
    static void closeIfBlocked(Session session, TrustPolicy trust) {
        if (trust.isBlocked(session.peerId())) {
            session.close(Failure.BLOCKED, "");
        }
    }

    final Session session() {
        return session;
    }

    final AuditLog audit() {
        return audit;
    }

    private void completed(PeerConnection connection, Identity peer, UUID sessionId, Suite suite) {
        audit.record(new HandshakeEvent.HandshakeCompleted(
                connection.number(),
                role,
                connection.remoteAddress(),
                peer.peerId().toString(),
                sessionId,
                suite.text(),
                Duration.ofMillis(Ticks.now() - startedAt),
                Claim.of(peer.name()),
                Claim.of(peer.address())));
    }

    private void openSession(PeerConnection connection, Identity peer, UUID id) {
        Suite suite = connection.channel().suite().orElseThrow();
        session = new Session(
                new Session.Facts(id, peer, role == Role.INITIATOR, connection.remoteAddress(), suite, Instant.now()),
                connection,
                confirmed(connection, peer));
        audit.record(new SessionEvent.SessionUp(
                id,
                connection.number(),
                peer.peerId().toString(),
                alias(peer.peerId()),
                role,
                connection.remoteAddress(),
                suite.text()));
        sessions.opened(session);
        up(connection, session);
    }
}
