package dev.parley.node.message;

import dev.parley.node.audit.AuditEvent.Party;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Sends and receives messages (PSP/1 section 5, "Delivery"). What is sent stays in the {@link Outbox} until it is answered,
 * and goes out again, with the same id, on the next session; what comes is acknowledged once it is in the {@link Inbox} and in
 * the audit log, and told once however often it comes.
 */
@ApplicationScoped
public class Messages implements SessionObserver, PeerListener {

    /** Largest content of a message, bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /** PSP/1 section 5: a refusal for now is tried again after a minute, doubling up to an hour. */
    private static final Duration RETRY_FIRST = Duration.ofMinutes(1);

    private static final Duration RETRY_MOST = Duration.ofHours(1);
    private static final int RETRY_DOUBLINGS = 6;
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(60);

    private final Vertx vertx;
    private final SessionRegistry sessions;
    private final Outbox outbox;
    private final Inbox inbox;
    private final AuditLog audit;
    private final List<MessageListener> listeners;
    private final MessageIds ids = new MessageIds(new SecureRandom());
    private final Map<Session, SessionDelivery> deliveries = new ConcurrentHashMap<>();

    Messages(
            Vertx vertx,
            SessionRegistry sessions,
            Outbox outbox,
            Inbox inbox,
            AuditLog audit,
            @All List<MessageListener> listeners) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.outbox = outbox;
        this.inbox = inbox;
        this.audit = audit;
        this.listeners = listeners;
    }

    /**
     * Takes a message for one or more peers.
     *
     * @param content at most {@value #MAX_BYTES} bytes; not copied, not to be changed afterwards
     * @throws IllegalArgumentException if the content is too long or the media type is not printable ASCII of at most 255 bytes
     * @throws Outbox.OutboxFullException if a peer has too much waiting already
     */
    public OutgoingMessage send(Record.Scope scope, Collection<PeerId> to, String mediaType, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a message has at most %,d bytes, this one has %,d".formatted(MAX_BYTES, content.length));
        }
        OutgoingMessage message;
        // In one step, so that a peer gets messages in the order of their ids.
        synchronized (this) {
            Instant now = Instant.now();
            UUID id = ids.next(now.toEpochMilli());
            message = new OutgoingMessage(
                    new Record.Message(id, now.toEpochMilli(), scope, "", mediaType, content), to, now);
            outbox.add(message);
            for (PeerId peer : to) {
                audit.record(new MessageEvent.MessageQueued(id, peer.toString(), scope.name(), content.length));
                sessions.preferred(peer).ifPresent(session -> offer(session, message));
            }
        }
        return message;
    }

    public Optional<OutgoingMessage> get(UUID id) {
        return outbox.get(id);
    }

    /** The newest {@code limit} messages that were sent, newest first. */
    public List<OutgoingMessage> sent(int limit) {
        return outbox.newest(limit);
    }

    /** The newest {@code limit} messages that came, newest first. */
    public List<IncomingMessage> received(int limit) {
        return inbox.newest(limit);
    }

    private void cancel(PeerId peer, String reason) {
        outbox.unsettled(peer).forEach(message -> giveUp(message, peer, DeliveryState.CANCELLED, reason));
    }

    @Override
    public void blocked(KnownPeer peer) {
        cancel(peer.id(), "the peer was blocked");
    }

    @Override
    public void forgotten(KnownPeer peer) {
        cancel(peer.id(), "the peer was forgotten");
    }

    @Override
    public void sessionUp(Session session) {
        SessionDelivery delivery = new SessionDelivery(session);
        deliveries.put(session, delivery);
        Instant tooOld = Instant.now().minus(GIVEN_UP_AFTER);
        for (OutgoingMessage message : outbox.unsettled(session.peerId())) {
            if (message.createdAt().isBefore(tooOld)) {
                giveUp(message, session.peerId(), DeliveryState.EXPIRED, "not delivered within 60 days");
            } else {
                delivery.offer(message);
            }
        }
        pump(session, delivery);
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        SessionDelivery delivery = deliveries.remove(session);
        if (delivery != null) {
            delivery.ended();
            // What this session did not deliver goes over another that is still up, or the next.
            sessions.preferred(session.peerId())
                    .ifPresent(other -> outbox.unsettled(session.peerId()).forEach(message -> offer(other, message)));
        }
    }

    @Override
    public void writable(Session session) {
        SessionDelivery delivery = deliveries.get(session);
        if (delivery != null) {
            pump(session, delivery);
        }
    }

    @Override
    public void sent(Session session, Record record, Sealed sealed) {
        if (record instanceof Record.Message message) {
            session.messagesSent.increment();
            audit.record(new MessageEvent.MessageSent(
                    message.id(),
                    session.peerId().toString(),
                    session.id(),
                    sealed.epoch(),
                    sealed.number(),
                    message.scope().name(),
                    message.payload().length,
                    sealed.frame()));
            outbox.get(message.id())
                    .ifPresent(sent -> advance(sent, session.peerId(), old -> old.sent(session.id(), Instant.now())));
        }
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        SessionDelivery delivery = deliveries.get(session);
        if (delivery == null) {
            return;
        }
        switch (record) {
            case Record.Message message -> take(session, delivery, message, sealed);
            case Record.Ack ack -> {
                ack.entries().forEach(entry -> answered(session, delivery, entry));
                pump(session, delivery);
            }
            default -> {}
        }
    }

    private void take(Session session, SessionDelivery delivery, Record.Message message, Sealed sealed) {
        session.messagesReceived.increment();
        IncomingMessage incoming = new IncomingMessage(session.peerId(), session.id(), Instant.now(), message);
        audit.record(new MessageEvent.MessageReceived(
                        message.id(),
                        session.peerId().toString(),
                        session.id(),
                        sealed.epoch(),
                        sealed.number(),
                        message.scope().name(),
                        message.payload().length,
                        sealed.frame()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        // Not on record, so not taken: the sender keeps it and tries again.
                        delivery.acknowledge(message.id(), Record.AckStatus.REFUSED_FOR_NOW);
                    } else if (inbox.add(incoming)) {
                        listeners.forEach(each -> each.received(incoming));
                        delivery.acknowledge(message.id(), Record.AckStatus.STORED);
                    } else {
                        audit.record(new MessageEvent.MessageDuplicate(
                                message.id(), session.peerId().toString(), session.id()));
                        delivery.acknowledge(message.id(), Record.AckStatus.DUPLICATE);
                    }
                });
    }

    private void answered(Session session, SessionDelivery delivery, Record.AckEntry entry) {
        Optional<OutgoingMessage> waiting = delivery.answered(entry.id());
        if (waiting.isEmpty()) {
            return;
        }
        OutgoingMessage message = waiting.get();
        PeerId peer = session.peerId();
        switch (entry.status()) {
            case STORED, DUPLICATE -> {
                audit.record(new MessageEvent.MessageAcknowledged(
                        entry.id(),
                        peer.toString(),
                        session.id(),
                        entry.status().ordinal()));
                settle(message, peer, old -> old.ended(DeliveryState.DELIVERED, Optional.empty(), Instant.now()));
            }
            case REFUSED -> refused(message, session, Party.PEER, entry.status().ordinal(), "refused by the peer");
            case REFUSED_FOR_NOW -> retryLater(session, delivery, message);
        }
    }

    private void retryLater(Session session, SessionDelivery delivery, OutgoingMessage message) {
        long doubled = RETRY_FIRST.toMillis() << Math.min(delivery.refusedAgain(message.id()), RETRY_DOUBLINGS);
        vertx.setTimer(Math.min(doubled, RETRY_MOST.toMillis()), ignored -> offer(session, message));
    }

    private void offer(Session session, OutgoingMessage message) {
        session.execute(() -> {
            SessionDelivery delivery = deliveries.get(session);
            boolean open = message.delivery(session.peerId())
                    .filter(each -> !each.state().isFinal())
                    .isPresent();
            if (delivery != null && open) {
                delivery.offer(message);
                pump(session, delivery);
            }
        });
    }

    private void pump(Session session, SessionDelivery delivery) {
        for (OutgoingMessage tooLong : delivery.pump()) {
            refused(
                    tooLong,
                    session,
                    Party.US,
                    Record.AckStatus.REFUSED.ordinal(),
                    "longer than the peer accepts: at most %,d bytes with its header"
                            .formatted(session.remoteMaxPlaintext()));
        }
    }

    private void refused(OutgoingMessage message, Session session, Party by, int status, String reason) {
        audit.record(new MessageEvent.MessageRefused(
                message.id(), session.peerId().toString(), session.id(), by, status, reason));
        settle(message, session.peerId(), old -> old.ended(DeliveryState.REFUSED, Optional.of(reason), Instant.now()));
    }

    private void giveUp(OutgoingMessage message, PeerId peer, DeliveryState state, String reason) {
        audit.record(new MessageEvent.MessageFailed(message.id(), peer.toString(), reason));
        settle(message, peer, old -> old.ended(state, Optional.of(reason), Instant.now()));
    }

    private void settle(OutgoingMessage message, PeerId peer, UnaryOperator<Delivery> step) {
        advance(message, peer, step);
        outbox.settled(message, peer);
    }

    private void advance(OutgoingMessage message, PeerId peer, UnaryOperator<Delivery> step) {
        message.advance(peer, step).ifPresent(delivery -> listeners.forEach(each -> each.changed(message, delivery)));
    }
}
