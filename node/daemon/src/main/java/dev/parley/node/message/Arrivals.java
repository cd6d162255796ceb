package dev.parley.node.message;

import dev.parley.node.audit.AuditEvent.Party;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver.Sealed;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.trace.Step;
import dev.parley.node.trace.Tracing;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/**
 * What becomes of a message that comes: it goes on record, then into the {@link Inbox}, and only then is it acknowledged, and
 * told once however often it comes.
 */
@ApplicationScoped
class Arrivals {

    private final Inbox inbox;
    private final AuditLog audit;
    private final Tracing tracing;
    private final List<MessageListener> listeners;

    Arrivals(Inbox inbox, AuditLog audit, Tracing tracing, @All List<MessageListener> listeners) {
        this.inbox = inbox;
        this.audit = audit;
        this.tracing = tracing;
        this.listeners = listeners;
    }

    /** On the session's event loop. */
    void take(Session session, SessionDelivery delivery, Record.Message message, Sealed sealed) {
        session.messagesReceived.increment();
        int size = message.payload().length;
        Step step = tracing.inbox(delivery.traceOf(message.id()))
                .put("messaging.message.id", message.id())
                .put("messaging.message.body.size", size)
                .put("parley.peer.id", session.peerId())
                .put("parley.session.id", session.id());
        if (!delivery.receiving(size)) {
            ended(step, Record.AckStatus.REFUSED_FOR_NOW);
            noRoom(session, delivery, message, "more than its window");
            return;
        }
        Instant now = Instant.now();
        audit.record(new MessageEvent.MessageReceived(
                        message.id(),
                        session.peerId().toString(),
                        session.id(),
                        sealed.epoch(),
                        sealed.number(),
                        message.scope().name(),
                        size,
                        sealed.frame()))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        store(session, delivery, message, now, step);
                    } else {
                        // Not on record, so not taken: the sender keeps it and tries again.
                        delivery.received(size);
                        ended(step, Record.AckStatus.REFUSED_FOR_NOW);
                        delivery.acknowledge(message.id(), Record.AckStatus.REFUSED_FOR_NOW);
                    }
                });
    }

    private void store(Session session, SessionDelivery delivery, Record.Message message, Instant now, Step step) {
        CrashPoint.INBOX_BEFORE_STORING.reached();
        inbox.add(session.peerId(), session.id(), now, message).thenAccept(result -> {
            delivery.received(message.payload().length);
            CrashPoint.INBOX_BEFORE_ACK.reached();
            ended(
                    step,
                    switch (result.taken()) {
                        case NEW -> Record.AckStatus.STORED;
                        case KNOWN -> Record.AckStatus.DUPLICATE;
                        case NO_ROOM -> Record.AckStatus.REFUSED_FOR_NOW;
                    });
            switch (result.taken()) {
                case NEW -> {
                    result.message().ifPresent(kept -> listeners.forEach(each -> each.received(kept)));
                    delivery.acknowledge(message.id(), Record.AckStatus.STORED);
                }
                case KNOWN -> {
                    audit.record(new MessageEvent.MessageDuplicate(
                            message.id(), session.peerId().toString(), session.id()));
                    delivery.acknowledge(message.id(), Record.AckStatus.DUPLICATE);
                }
                case NO_ROOM -> noRoom(session, delivery, message, "no room in the store, or a quota is used up");
            }
        });
    }

    private static void ended(Step step, Record.AckStatus outcome) {
        step.put("parley.outcome", outcome);
        (outcome == Record.AckStatus.REFUSED_FOR_NOW ? step.failed() : step).end();
    }

    private void noRoom(Session session, SessionDelivery delivery, Record.Message message, String why) {
        audit.record(new MessageEvent.MessageRefused(
                message.id(),
                session.peerId().toString(),
                session.id(),
                Party.US,
                Record.AckStatus.REFUSED_FOR_NOW.ordinal(),
                why));
        delivery.acknowledge(message.id(), Record.AckStatus.REFUSED_FOR_NOW);
    }
}
