package dev.parley.node.message;

import dev.parley.node.audit.AuditEvent.Party;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.OutboxTable.Due;
import dev.parley.node.message.OutboxTable.Waiting;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.store.Database;
import dev.parley.node.trace.Step;
import dev.parley.node.trace.Tracing;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends and receives messages (PSP/1 section 5, "Delivery"). What is sent is in the {@link Outbox} before anybody is told that
 * it is taken, and goes out on every session with its peer, with the same id, until it is answered. What comes is for
 * {@link Arrivals}.
 */
@ApplicationScoped
public class Messages implements SessionObserver, PeerListener {

    /** Largest content of a message, bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /** How long a sender tries at the most (PSP/1 section 5). */
    public static final Duration LONGEST_LIFE = Duration.ofDays(60);

    /** PSP/1 section 5: a refusal for now is tried again after a minute, doubling up to an hour. */
    private static final Duration RETRY_FIRST = Duration.ofMinutes(1);

    private static final Duration RETRY_MOST = Duration.ofHours(1);
    private static final int RETRY_DOUBLINGS = 6;
    /** How soon something that the store could not be told is told again. */
    private static final long STORE_AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final SessionRegistry sessions;
    private final Outbox outbox;
    private final Arrivals arrivals;
    private final AuditLog audit;
    private final PeersAhead peersAhead;
    private final Tracing tracing;
    private final List<MessageListener> listeners;
    private final SessionDelivery.Window window;
    private final MessageIds ids = new MessageIds(new SecureRandom());
    private final Map<Session, SessionDelivery> deliveries = new ConcurrentHashMap<>();
    private final Map<PeerId, PeerLane> lanes = new ConcurrentHashMap<>();
    private final Map<UUID, Progress> followed = new ConcurrentHashMap<>();
    private final SessionDelivery.Source source = new FromOutbox();

    Messages(
            Vertx vertx,
            SessionRegistry sessions,
            Outbox outbox,
            Arrivals arrivals,
            AuditLog audit,
            PeersAhead peersAhead,
            Tracing tracing,
            ParleyConfig config,
            @All List<MessageListener> listeners) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.outbox = outbox;
        this.arrivals = arrivals;
        this.audit = audit;
        this.peersAhead = peersAhead;
        this.tracing = tracing;
        this.listeners = listeners;
        this.window = new SessionDelivery.Window(
                config.message().window(), config.message().windowBytes().asLongValue());
    }

    /** A message that was taken. @param progress how far it is, where that was asked for; {@link #unfollow} it */
    public record Accepted(SentMessage message, Optional<Progress> progress) {}

    /**
     * Takes a message for one or more peers.
     *
     * @param follow whether the caller wants to know how far it is
     * @return completes once it is durable; exceptionally where it could not be made so
     * @throws IllegalArgumentException if the content is too long or the media type is not printable ASCII of at most 255 bytes
     * @throws QuotaException if a peer has too much waiting already
     * @throws NoRoom if the disk is full
     */
    public CompletionStage<Accepted> send(Draft draft, boolean follow) {
        return send(draft, follow, tx -> null);
    }

    /**
     * The same.
     *
     * @param along what is committed with the message, or neither is; where it throws, nothing was taken
     */
    public CompletionStage<Accepted> send(Draft draft, boolean follow, Database.Work<?> along) {
        if (draft.content().length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a message has at most %,d bytes, this one has %,d".formatted(MAX_BYTES, draft.content().length));
        }
        // In one step, so that ids, places in the history and commits have one order.
        synchronized (this) {
            Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
            UUID id = ids.next(now.toEpochMilli());
            var record = new Record.Message(
                    id, now.toEpochMilli(), draft.scope(), draft.group(), draft.mediaType(), draft.content());
            Optional<Progress> progress = follow ? Optional.of(new Progress(draft.wanted())) : Optional.empty();
            progress.ifPresent(each -> followed.put(id, each));
            Step step = tracing.outbox()
                    .put("messaging.message.id", id)
                    .put("messaging.message.body.size", draft.content().length)
                    .put("parley.scope", draft.scope());
            try {
                return outbox.add(record, draft, now, step.context(), along)
                        .whenComplete((message, failure) -> {
                            (failure == null ? step : step.failed()).end();
                            if (failure == null) {
                                stored(message, draft.wanted());
                            } else {
                                followed.remove(id);
                            }
                        })
                        .thenApply(message -> new Accepted(summary(message, draft), progress));
            } catch (RuntimeException refused) {
                followed.remove(id);
                step.failed().end();
                throw refused;
            }
        }
    }

    /** Nobody waits for this message any more. */
    public void unfollow(SentMessage message) {
        followed.remove(message.id());
    }

    public CompletionStage<Optional<SentMessage>> get(UUID id) {
        return outbox.byId(id);
    }

    /** The newest {@code most} messages that were sent, newest first. @param since not older than this; null: any */
    public CompletionStage<List<SentMessage>> sent(
            Optional<PeerId> peer, Optional<DeliveryState> state, Instant since, int most) {
        return outbox.newest(peer, state, since, most);
    }

    /** Deliveries by state, in the order of {@link DeliveryState}. */
    public long[] counts() {
        return outbox.counts();
    }

    /** What waits to be delivered. */
    public Usage waiting() {
        return outbox.waiting();
    }

    /**
     * Takes a message back from a peer.
     *
     * @return completes with false where it is on its way over a live session, or has ended
     */
    public CompletionStage<Boolean> cancel(SentMessage message, Delivery delivery) {
        return end(
                new Due(delivery.peer(), message.seq(), message.id(), message.size()),
                DeliveryState.CANCELLED,
                delivery.attempts().isEmpty()
                        ? "by the operator"
                        : "by the operator; it was sent and may have arrived");
    }

    /** A delivery whose time is over ends, unless it is on its way over a live session. */
    CompletionStage<Boolean> expire(Due due) {
        return end(due, DeliveryState.EXPIRED, "not acknowledged in time");
    }

    /** There is more that waits for a peer than its sessions know of. */
    void movedTo(PeerId peer) {
        sessions.of(peer).forEach(session -> on(session, SessionDelivery::rewind));
    }

    @Override
    public void blocked(KnownPeer peer) {
        cancelAll(peer.id(), "the peer was blocked");
    }

    @Override
    public void forgotten(KnownPeer peer) {
        cancelAll(peer.id(), "the peer was forgotten");
    }

    @Override
    public void sessionUp(Session session) {
        SessionDelivery delivery = new SessionDelivery(session, lane(session.peerId()), source, window, tracing);
        deliveries.put(session, delivery);
        sessions.of(session.peerId()).stream()
                .filter(other -> other != session)
                .forEach(other -> on(other, SessionDelivery::stepAside));
        delivery.pump();
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        SessionDelivery delivery = deliveries.remove(session);
        if (delivery != null) {
            delivery.ended();
            // What this session did not deliver goes over another that is still up, or the next.
            sessions.preferred(session.peerId()).ifPresent(other -> on(other, SessionDelivery::rewind));
        }
    }

    @Override
    public CompletionStage<Void> windUp(Session session) {
        SessionDelivery delivery = deliveries.get(session);
        return delivery == null ? CompletableFuture.completedFuture(null) : delivery.windUp();
    }

    @Override
    public void writable(Session session) {
        SessionDelivery delivery = deliveries.get(session);
        if (delivery != null) {
            delivery.pump();
        }
    }

    @Override
    public void sent(Session session, Record record, Sealed sealed) {
        if (!(record instanceof Record.Message message)) {
            return;
        }
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
        CrashPoint.OUTBOX_AFTER_SEAL.reached();
        SessionDelivery delivery = deliveries.get(session);
        if (delivery != null) {
            delivery.inFlight(message.id()).ifPresent(waiting -> written(session, waiting, sealed));
        }
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        SessionDelivery delivery = deliveries.get(session);
        if (delivery == null) {
            return;
        }
        switch (record) {
            case Record.Message message -> {
                if (delivery.takes()) {
                    arrivals.take(session, delivery, message, sealed);
                }
            }
            case Record.Trace trace -> delivery.traced(trace);
            case Record.Ack ack -> {
                ack.entries().forEach(entry -> answered(session, delivery, entry));
                delivery.pump();
            }
            default -> {}
        }
    }

    /** On the store's thread: the message is durable. */
    private void stored(OutgoingMessage message, List<PeerId> peers) {
        for (PeerId peer : peers) {
            audit.record(new MessageEvent.MessageQueued(
                    message.id(), peer.toString(), message.record().scope().name(), message.size()));
            // To all there are for a moment: one that missed this one would go on with the next.
            for (Session session : sessions.of(peer)) {
                on(session, delivery -> {
                    delivery.offer(message);
                    delivery.pump();
                });
            }
        }
    }

    private void written(Session session, Waiting waiting, Sealed sealed) {
        OutgoingMessage message = waiting.message();
        Instant now = Instant.now();
        var attempt = new Delivery.Attempt(now, session.id(), sealed.epoch(), sealed.number());
        PeerLane lane = lane(session.peerId());
        lane.sealed(message.seq());
        outbox.sent(session.peerId(), message.seq(), attempt).whenComplete((news, failure) -> {
            lane.recorded();
            // A failure is of no consequence: whether it was sent shows again when it is answered.
            if (failure == null && news) {
                tell(
                        message,
                        new Delivery(
                                session.peerId(),
                                DeliveryState.SENT,
                                message.createdAt(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(attempt)));
            }
        });
    }

    private void answered(Session session, SessionDelivery delivery, Record.AckEntry entry) {
        Optional<SessionDelivery.InFlight> found = delivery.answered(entry.id());
        if (found.isEmpty()) {
            return;
        }
        Waiting waiting = found.get().waiting();
        found.get().answered(entry.status());
        PeerId peer = session.peerId();
        PeerLane lane = lane(peer);
        CrashPoint.OUTBOX_BEFORE_SETTLING.reached();
        switch (entry.status()) {
            case STORED, DUPLICATE -> {
                lane.answered(waiting.message().seq());
                lane.taken();
                long nanos = System.nanoTime() - found.get().since();
                listeners.forEach(each -> each.acknowledged(nanos));
                audit.record(new MessageEvent.MessageAcknowledged(
                        entry.id(),
                        peer.toString(),
                        session.id(),
                        entry.status().ordinal()));
                if (entry.status() == Record.AckStatus.DUPLICATE && lane.sealedOnce(waiting)) {
                    peersAhead.knowsWhatWasNeverSent(peer, waiting.message());
                }
                settle(peer, waiting.message(), DeliveryState.DELIVERED, Optional.empty());
            }
            case REFUSED -> {
                lane.answered(waiting.message().seq());
                refused(session, waiting.message(), Party.PEER, "refused by the peer");
            }
            case REFUSED_FOR_NOW -> {
                lane.release(waiting.message().seq());
                retryLater(session, delivery, lane);
            }
        }
    }

    /** All of it, so that the order stays: what the peer has no room for now is followed by nothing else. */
    private void retryLater(Session session, SessionDelivery delivery, PeerLane lane) {
        if (delivery.pause()) {
            long doubled = RETRY_FIRST.toMillis() << Math.min(lane.refused(), RETRY_DOUBLINGS);
            vertx.setTimer(Math.min(doubled, RETRY_MOST.toMillis()), ignored -> on(session, SessionDelivery::rewind));
        }
    }

    private void refused(Session session, OutgoingMessage message, Party by, String reason) {
        audit.record(new MessageEvent.MessageRefused(
                message.id(),
                session.peerId().toString(),
                session.id(),
                by,
                Record.AckStatus.REFUSED.ordinal(),
                reason));
        settle(session.peerId(), message, DeliveryState.REFUSED, Optional.of(reason));
    }

    private void settle(PeerId peer, OutgoingMessage message, DeliveryState state, Optional<String> reason) {
        Instant now = Instant.now();
        outbox.settle(peer, message.seq(), message.size(), state, reason, now).whenComplete((news, failure) -> {
            if (failure != null) {
                // The store will have to know. Should the node end before, the peer says once more that it has it.
                vertx.setTimer(STORE_AGAIN_MILLIS, ignored -> settle(peer, message, state, reason));
            } else if (news) {
                ended(message.id(), message.createdAt(), peer, state, reason, now);
            }
        });
    }

    /** Ends a delivery that is not on its way over a session. */
    private CompletionStage<Boolean> end(Due due, DeliveryState state, String reason) {
        if (!lane(due.peer()).withdraw(due.seq())) {
            return CompletableFuture.completedFuture(false);
        }
        Instant now = Instant.now();
        return outbox.settle(due.peer(), due.seq(), due.size(), state, Optional.of(reason), now)
                .thenApply(news -> {
                    if (news) {
                        audit.record(new MessageEvent.MessageFailed(
                                due.id(), due.peer().toString(), state.name() + ": " + reason));
                        ended(due.id(), now, due.peer(), state, Optional.of(reason), now);
                    }
                    return news;
                });
    }

    private void cancelAll(PeerId peer, String reason) {
        outbox.allFor(peer)
                .thenAccept(all -> all.forEach(due -> {
                    // On its way or not: its session is being closed, and no other will be let in.
                    lane(peer).answered(due.seq());
                    end(due, DeliveryState.CANCELLED, reason);
                }));
    }

    private void ended(
            UUID id, Instant queuedAt, PeerId peer, DeliveryState state, Optional<String> reason, Instant now) {
        tell(id, new Delivery(peer, state, queuedAt, Optional.of(now), reason, List.of()));
    }

    private void tell(OutgoingMessage message, Delivery delivery) {
        tell(message.id(), delivery);
    }

    private void tell(UUID id, Delivery delivery) {
        Progress progress = followed.get(id);
        if (progress != null && progress.changed(delivery)) {
            followed.remove(id);
        }
        listeners.forEach(each -> each.changed(id, delivery));
    }

    private PeerLane lane(PeerId peer) {
        return lanes.computeIfAbsent(peer, key -> new PeerLane());
    }

    /** Does something with a session's delivery on its event loop, if there still is one. */
    private void on(Session session, java.util.function.Consumer<SessionDelivery> action) {
        session.execute(() -> {
            SessionDelivery delivery = deliveries.get(session);
            if (delivery != null) {
                action.accept(delivery);
            }
        });
    }

    private static SentMessage summary(OutgoingMessage message, Draft draft) {
        List<Delivery> all = draft.to().entrySet().stream()
                .map(each -> new Delivery(
                        each.getKey(),
                        each.getValue().isEmpty() ? DeliveryState.QUEUED : DeliveryState.REFUSED,
                        message.createdAt(),
                        each.getValue().map(reason -> message.createdAt()),
                        each.getValue(),
                        List.of()))
                .sorted((a, b) -> a.peer().compareTo(b.peer()))
                .toList();
        return new SentMessage(
                message.seq(),
                message.id(),
                draft.scope(),
                draft.group(),
                draft.mediaType(),
                message.size(),
                message.createdAt(),
                message.expiresAt(),
                all);
    }

    /** Loads what a session has to write. */
    private final class FromOutbox implements SessionDelivery.Source {
        @Override
        public void load(SessionDelivery delivery, long after, int most, long mostBytes) {
            int generation = delivery.generation();
            outbox.waiting(delivery.session().peerId(), after, most, mostBytes)
                    .whenComplete((batch, failure) -> delivery.session().execute(() -> {
                        if (failure == null) {
                            delivery.loaded(batch, generation);
                        } else {
                            delivery.notLoaded(generation);
                        }
                    }));
        }

        @Override
        public void tooLong(SessionDelivery delivery, OutgoingMessage message) {
            refused(
                    delivery.session(),
                    message,
                    Party.US,
                    "longer than the peer accepts: at most %,d bytes with its header"
                            .formatted(delivery.session().remoteMaxPlaintext()));
        }
    }
}
