package dev.parley.node.session;

import dev.parley.node.session.SessionObserver.Sealed;
import dev.parley.protocol.Ending;
import dev.parley.protocol.SessionChooser;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All live sessions. Several with one peer may be up for a moment; the protocol's {@link SessionChooser} says which stays.
 * Thread-safe; sessions are told and tell on their own event loops.
 */
@ApplicationScoped
public class SessionRegistry {

    /** What a peer may send before the operator has decided about it: what an honest one has in flight at the most. */
    private static final int HELD_BYTES = 9 << 20;

    private final Vertx vertx;
    private final List<SessionObserver> observers;
    private final Map<UUID, Session> byId = new ConcurrentHashMap<>();
    private final Map<PeerId, Group> byPeer = new HashMap<>();
    private PeerId self;
    private CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);
    /** What a session that still comes up is closed by, once the node ends. */
    private volatile Leaving leaving;

    /** The sessions with one peer. Guarded by the registry's lock. */
    private static final class Group {
        final SessionChooser<Session> chooser;
        final List<Session> sessions = new ArrayList<>(2);
        long tickAt = Long.MAX_VALUE;

        Group(PeerId self, PeerId peer) {
            chooser = new SessionChooser<>(self, peer);
        }
    }

    /** How sessions end when the node does. @param late counts those that had something under way when time was up */
    private record Leaving(Duration settle, long backSeconds, AtomicInteger late) {}

    /** How a drain went. @param sessions that were up, @param late of them those that had something under way when time was up */
    public record Drained(int sessions, int late) {}

    SessionRegistry(Vertx vertx, @All List<SessionObserver> observers) {
        this.vertx = vertx;
        this.observers = observers;
    }

    /** Says who this node is; once, before any session. */
    public void start(PeerId self) {
        this.self = self;
    }

    /** On the session's event loop: it counts from now on. */
    public void opened(Session session) {
        List<SessionChooser.Action<Session>> actions;
        synchronized (this) {
            byId.put(session.id(), session);
            Group group = byPeer.computeIfAbsent(session.peerId(), peer -> new Group(self, peer));
            group.sessions.add(session);
            actions = group.chooser.up(session, session.facts().initiatedHere(), Ticks.now());
            scheduleTick(group);
        }
        Leaving last = leaving;
        if (last != null) {
            session.leave(last.backSeconds());
        } else if (session.state() == Session.State.UP) {
            observers.forEach(each -> each.sessionUp(session));
        }
        actions.forEach(SessionRegistry::carryOut);
    }

    /** The operator accepts the peer: what its sessions held back is handled, and they may carry messages. */
    public void confirm(PeerId peer) {
        for (Session session : of(peer)) {
            session.execute(() -> {
                if (session.state() == Session.State.UNCONFIRMED) {
                    List<Session.Held> held = session.confirm();
                    observers.forEach(each -> each.sessionUp(session));
                    held.forEach(each -> tellReceived(session, each.record(), each.sealed()));
                }
            });
        }
    }

    /** On the session's event loop: a record came that is not the channel's own business. */
    public void received(Session session, Record record, Sealed sealed) {
        switch (session.state()) {
            case UNCONFIRMED -> {
                if (!session.hold(record, sealed, HELD_BYTES)) {
                    session.close(Failure.BUSY, "not confirmed yet");
                }
            }
            case UP, CLOSING -> tellReceived(session, record, sealed);
        }
    }

    public void sent(Session session, Record record, Sealed sealed) {
        observers.forEach(each -> each.sent(session, record, sealed));
    }

    public void writable(Session session) {
        observers.forEach(each -> each.writable(session));
    }

    /** On the session's event loop: a record of the peer has opened. */
    public void heard(Session session) {
        List<SessionChooser.Action<Session>> actions = List.of();
        synchronized (this) {
            Group group = byPeer.get(session.peerId());
            if (group != null && group.sessions.size() > 1) {
                actions = group.chooser.heard(session, Ticks.now());
            }
        }
        actions.forEach(SessionRegistry::carryOut);
    }

    /** On the session's event loop: it is over. */
    public void ended(Session session, Ending ending) {
        List<SessionChooser.Action<Session>> actions = List.of();
        session.ended();
        synchronized (this) {
            byId.remove(session.id(), session);
            Group group = byPeer.get(session.peerId());
            if (group != null && group.sessions.remove(session)) {
                actions = group.chooser.ended(session);
                if (group.sessions.isEmpty()) {
                    byPeer.remove(session.peerId());
                }
            }
            if (byId.isEmpty()) {
                drained.complete(null);
            }
        }
        actions.forEach(SessionRegistry::carryOut);
        observers.forEach(each -> each.sessionEnded(session, ending));
    }

    /** All sessions, oldest first. */
    public List<Session> all() {
        return byId.values().stream()
                .sorted(Comparator.comparing(session -> session.facts().since()))
                .toList();
    }

    public int size() {
        return byId.size();
    }

    public Optional<Session> byId(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    public synchronized List<Session> of(PeerId peer) {
        Group group = byPeer.get(peer);
        return group == null ? List.of() : List.copyOf(group.sessions);
    }

    /** The session to send on: of those that may carry messages the one heard from last. */
    public Optional<Session> preferred(PeerId peer) {
        return of(peer).stream()
                .filter(session -> session.state() == Session.State.UP)
                .max(Comparator.comparingLong(Session::lastHeard));
    }

    /** A session with the peer that is not closing, whether or not it may carry messages yet. */
    public Optional<Session> live(PeerId peer) {
        return of(peer).stream()
                .filter(session -> session.state() != Session.State.CLOSING)
                .max(Comparator.comparingLong(Session::lastHeard));
    }

    /** The peers that can be sent to now. */
    public List<PeerId> connected() {
        return byId.values().stream()
                .filter(session -> session.state() == Session.State.UP)
                .map(Session::peerId)
                .distinct()
                .toList();
    }

    /** Closes all sessions with a peer. @return how many there were */
    public int close(PeerId peer, Failure failure, String reason) {
        List<Session> sessions = of(peer);
        sessions.forEach(session -> session.close(failure, reason));
        return sessions.size();
    }

    /** Closes all sessions. @return completes when none is left */
    public CompletionStage<Void> closeAll(Failure failure, String reason) {
        CompletableFuture<Void> done;
        synchronized (this) {
            drained = byId.isEmpty() ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
            done = drained;
        }
        all().forEach(session -> session.close(failure, reason));
        return done;
    }

    /**
     * Ends all sessions because the node ends, each once nothing is under way in it; one that comes up later ends at once.
     *
     * @param settle the most that is waited for what is under way
     * @param backSeconds what peers are told: in how many seconds this node is expected back; 0: unknown
     * @return completes when no session is left
     */
    public CompletionStage<Drained> drain(Duration settle, long backSeconds) {
        Leaving now = new Leaving(settle, backSeconds, new AtomicInteger());
        CompletableFuture<Void> done;
        synchronized (this) {
            leaving = now;
            drained = byId.isEmpty() ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
            done = drained;
        }
        List<Session> sessions = all();
        sessions.forEach(session -> windUp(session, now));
        return done.thenApply(ignored -> new Drained(sessions.size(), now.late().get()));
    }

    private void windUp(Session session, Leaving now) {
        session.execute(() -> {
            if (session.state() == Session.State.CLOSING) {
                return;
            }
            CompletableFuture<?>[] parts = observers.stream()
                    .map(each -> each.windUp(session).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(parts)
                    .orTimeout(now.settle().toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((settled, failure) -> {
                        if (failure != null) {
                            now.late().incrementAndGet();
                        }
                        session.leave(now.backSeconds());
                    });
        });
    }

    private void tellReceived(Session session, Record record, Sealed sealed) {
        observers.forEach(each -> each.received(session, record, sealed));
    }

    private static void carryOut(SessionChooser.Action<Session> action) {
        switch (action) {
            case SessionChooser.Action.Ping<Session> ping -> ping.session().ping();
            case SessionChooser.Action.Close<Session> close ->
                close.session().close(close.code(), "another session stays");
        }
    }

    /** Holding the lock. */
    private void scheduleTick(Group group) {
        long deadline = group.chooser.deadline();
        if (deadline >= group.tickAt) {
            return;
        }
        group.tickAt = deadline;
        vertx.setTimer(Math.max(1, deadline - Ticks.now()), ignored -> {
            List<SessionChooser.Action<Session>> actions;
            synchronized (this) {
                group.tickAt = Long.MAX_VALUE;
                actions = group.chooser.tick(Ticks.now());
                scheduleTick(group);
            }
            actions.forEach(SessionRegistry::carryOut);
        });
    }
}
