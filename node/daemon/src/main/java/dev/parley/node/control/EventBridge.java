package dev.parley.node.control;

import dev.parley.admin.MessageScope;
import dev.parley.admin.NodeEvent;
import dev.parley.node.audit.WritableChanged;
import dev.parley.node.message.Delivery;
import dev.parley.node.message.IncomingMessage;
import dev.parley.node.message.MessageListener;
import dev.parley.node.net.DialOutcome;
import dev.parley.node.net.Dialer;
import dev.parley.node.session.DuplicateWatch;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.PeerListener;
import dev.parley.node.witness.WitnessListener;
import dev.parley.protocol.Ending;
import dev.parley.protocol.Ending.How;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the followers of the event stream what the packages below tell. It runs on event loops, so it does nothing itself. */
@ApplicationScoped
@Unremovable
class EventBridge
        implements SessionObserver,
                PeerListener,
                MessageListener,
                WitnessListener,
                Dialer.Listener,
                DuplicateWatch.Listener {
    private static final int HEADER_BYTES = 1024;

    private final EventStream events;
    private final Views views;
    /** A session that the operator never let up is not announced, so its end is not either. */
    private final Set<Session> up = ConcurrentHashMap.newKeySet();

    EventBridge(EventStream events, Views views, Store store) {
        this.events = events;
        this.views = views;
        store.onWarning(warning -> events.publish(new NodeEvent.StoreWarning(Instant.now(), warning)));
    }

    void auditChanged(@Observes WritableChanged change) {
        events.publish(new NodeEvent.Notice(
                Instant.now(),
                change.writable() ? "audit-writable" : "audit-not-writable",
                change.writable() ? "net.log can be written again" : "net.log cannot be written: " + change.problem()));
    }

    @Override
    public void sessionUp(Session session) {
        up.add(session);
        Instant now = Instant.now();
        events.publish(NodeEvent.SessionUp.class, () -> new NodeEvent.SessionUp(now, views.session(session)));
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        Instant now = Instant.now();
        String peer = session.peerId().toString();
        String alias = views.alias(session.peerId());
        if (ending.how() == How.TAMPERED) {
            events.publish(new NodeEvent.Tampering(
                    now, session.id(), peer, alias, session.facts().remoteAddress(), ending.detail()));
        }
        if (up.remove(session)) {
            events.publish(new NodeEvent.SessionClosed(
                    now, session.id(), peer, alias, code(ending), reason(ending), byPeer(ending.how())));
        }
    }

    @Override
    public void conflict(PeerId peer, String detail) {
        events.publish(new NodeEvent.WitnessConflict(Instant.now(), peer.toString(), views.alias(peer), detail));
    }

    @Override
    public void dialFailed(Dialer.Status status, DialOutcome outcome) {
        events.publish(new NodeEvent.ConnectionFailed(
                Instant.now(),
                views.connection(status),
                DialProblems.code(outcome.kind()).code(),
                outcome.detail()));
    }

    @Override
    public void pending(KnownPeer peer, String remote) {
        events.publish(new NodeEvent.PeerPending(Instant.now(), views.peer(peer), remote));
    }

    @Override
    public void approved(KnownPeer peer) {
        events.publish(new NodeEvent.PeerApproved(Instant.now(), views.peer(peer)));
    }

    @Override
    public void verified(KnownPeer peer) {
        events.publish(new NodeEvent.PeerVerified(Instant.now(), views.peer(peer)));
    }

    @Override
    public void blocked(KnownPeer peer) {
        events.publish(new NodeEvent.PeerBlocked(Instant.now(), views.peer(peer)));
    }

    @Override
    public void aliased(KnownPeer peer, Optional<String> before) {
        events.publish(new NodeEvent.PeerRenamed(Instant.now(), views.peer(peer)));
    }

    @Override
    public void forgotten(KnownPeer peer) {
        events.publish(new NodeEvent.PeerForgotten(
                Instant.now(), peer.id().toString(), peer.alias().orElse(null)));
    }

    @Override
    public void keyChanged(KnownPeer known, String address, PeerId other) {
        events.publish(new NodeEvent.PeerKeyChanged(
                Instant.now(), known.alias().orElse(null), address, known.id().toString(), other.toString()));
    }

    @Override
    public void succeeded(KnownPeer old, KnownPeer next) {
        events.publish(new NodeEvent.PeerKeyRotated(
                Instant.now(), views.peer(next), old.id().toString()));
    }

    @Override
    public void keyAccepted(KnownPeer old, KnownPeer next) {
        events.publish(new NodeEvent.PeerKeyAccepted(
                Instant.now(), views.peer(next), old.id().toString()));
    }

    @Override
    public void suspended(KnownPeer peer, PeerId other, String remote) {
        events.publish(new NodeEvent.PeerRotationConflict(Instant.now(), views.peer(peer), other.toString(), remote));
    }

    @Override
    public void duplicate(PeerId peer, String remote, String otherRemote) {
        events.publish(new NodeEvent.DuplicateIdentity(
                Instant.now(), peer.toString(), views.alias(peer), remote, otherRemote));
    }

    @Override
    public void received(IncomingMessage message) {
        // Half as much again: base64 in the line, and the line itself.
        int weight = HEADER_BYTES + message.record().payload().length * 3 / 2;
        events.publish(NodeEvent.MessageReceived.class, weight, () -> received(message, views));
    }

    @Override
    public void changed(UUID message, Delivery delivery) {
        Instant now = Instant.now();
        events.publish(
                NodeEvent.MessageChanged.class,
                () -> new NodeEvent.MessageChanged(now, message, views.delivery(delivery, false)));
    }

    private static NodeEvent received(IncomingMessage message, Views views) {
        Record.Message record = message.record();
        Optional<String> text = Views.text(record.mediaType(), record.payload());
        return new NodeEvent.MessageReceived(
                message.receivedAt(),
                record.id(),
                message.seq(),
                message.from().toString(),
                views.alias(message.from()),
                message.sessionId(),
                MessageScope.valueOf(record.scope().name()),
                Views.claim(record.group()),
                record.mediaType(),
                record.payload().length,
                Instant.ofEpochMilli(record.sentAt()),
                text.orElse(null),
                text.isPresent() ? null : Base64.getEncoder().encodeToString(record.payload()));
    }

    private static boolean byPeer(How how) {
        return switch (how) {
            case CLOSED_BY_PEER, REJECTED_BY_PEER, ALERTED_BY_PEER -> true;
            case CLOSED, REJECTED, ALERTED, HANDSHAKE_FAILED, TAMPERED, TRUNCATED, LOST, ABORTED -> false;
        };
    }

    private static Integer code(Ending ending) {
        return switch (ending.how()) {
            case CLOSED, CLOSED_BY_PEER, REJECTED, REJECTED_BY_PEER, ALERTED, ALERTED_BY_PEER -> ending.code();
            case HANDSHAKE_FAILED, TAMPERED, TRUNCATED, LOST, ABORTED -> null;
        };
    }

    private static String reason(Ending ending) {
        if (!ending.reason().isEmpty()) {
            return ending.reason();
        }
        return code(ending) == null ? ending.detail() : ending.failure().text();
    }
}
