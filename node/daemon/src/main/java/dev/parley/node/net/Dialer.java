package dev.parley.node.net;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.audit.SessionEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reaches peers, and keeps those connected that the operator wants connected: dials again after a loss, with a growing, random
 * wait; dials anew when a session has reached its greatest age; never has two dials to one peer under way. What is wanted
 * outlives a restart. Thread-safe.
 */
@ApplicationScoped
public class Dialer implements SessionObserver {

    /**
     * What the operator asks for.
     *
     * @param expect who must answer; empty: who is known at the address, else whoever answers
     * @param acceptNew whether an unknown peer is trusted at once
     * @param keep whether to keep it connected from now on
     */
    public record Order(HostPort address, Optional<PeerId> expect, boolean acceptNew, boolean keep) {}

    /** Where a wanted connection stands. */
    public record Status(
            HostPort address,
            Optional<PeerId> peer,
            boolean dialing,
            int attempts,
            Optional<Instant> nextAttempt,
            Optional<DialOutcome> lastFailure,
            Optional<Instant> lastFailureAt) {}

    /** Is told of dials that the node made by itself and that came to nothing. Every bean of this type is told. */
    public interface Listener {
        void dialFailed(Status status, DialOutcome outcome);
    }

    /** A dial that has not ended. */
    private record UnderWay(OutboundPeer.Goal goal, CompletableFuture<DialOutcome> outcome) {}

    private static final Logger LOG = Logger.getLogger(Dialer.class);

    private final Vertx vertx;
    private final ParleyConfig config;
    private final SessionRegistry sessions;
    private final TrustPolicy trust;
    private final AuditLog audit;
    private final OutboundPeer.Shared shared;
    private final List<Listener> listeners;

    private final Map<HostPort, WantedPeer> wanted = new LinkedHashMap<>();
    private final Map<HostPort, UnderWay> dials = new HashMap<>();
    private final Set<PeerId> dialed = new HashSet<>();
    private final Map<Session, HostPort> origins = new ConcurrentHashMap<>();
    private final Absences absences;
    private PeerDial dial;
    private WantedStore store;
    private boolean stopping;
    private volatile boolean suspended;
    private boolean savePlanned;
    private final LongAdder redials = new LongAdder();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("parley-connections").factory());

    Dialer(
            Vertx vertx,
            ParleyConfig config,
            SessionRegistry sessions,
            TrustPolicy trust,
            AuditLog audit,
            PeerWork work,
            @All List<Listener> listeners) {
        this.vertx = vertx;
        this.config = config;
        this.sessions = sessions;
        this.trust = trust;
        this.audit = audit;
        this.shared = new OutboundPeer.Shared(sessions, audit, trust, work);
        this.listeners = listeners;
        this.absences =
                new Absences(config.reconnect().min(), config.reconnect().max(), new Random());
    }

    /** Begins to dial what was wanted before. @param dataDir where {@code connections.json} is */
    void start(Supplier<ChannelSettings> settings, Path dataDir) {
        dial = new PeerDial(vertx, settings, shared);
        store = new WantedStore(dataDir.resolve("connections.json"));
        List<WantedPeer> restored = new ArrayList<>();
        synchronized (this) {
            for (WantedStore.Wanted each : store.load()) {
                WantedPeer entry = new WantedPeer(each.address(), each.peer(), newBackoff());
                wanted.put(each.address(), entry);
                restored.add(entry);
            }
        }
        restored.forEach(this::dialWanted);
    }

    /** Dials no more; what is wanted stays wanted for the next start. */
    void stop() {
        synchronized (this) {
            stopping = true;
            wanted.values().forEach(this::disarm);
        }
        if (dial != null) {
            dial.stop();
        }
        // Waits for the last change to be on the disk.
        writer.close();
    }

    /** Dials nobody, and closes what comes up, until it is told otherwise. */
    void suspend(boolean suspend) {
        suspended = suspend;
    }

    /** What kept peers apart may be gone: those that are wanted are dialed soon, each at its own time. */
    void retryAll() {
        Map<WantedPeer, Long> all = new HashMap<>();
        synchronized (this) {
            for (WantedPeer each : wanted.values()) {
                disarm(each);
                all.put(each, each.backoff.soon());
            }
        }
        all.forEach((each, wait) -> later(each, OptionalLong.of(wait)));
    }

    /** Dials, or finds the session that is up already. @return completes with what came of it, never exceptionally */
    public CompletionStage<DialOutcome> connect(Order order) {
        Optional<PeerId> expected =
                order.expect().or(() -> trust.knownAt(order.address().toString()));
        Optional<Session> up = expected.flatMap(sessions::live);
        boolean isNew;
        synchronized (this) {
            if (stopping) {
                return CompletableFuture.completedFuture(
                        DialOutcome.failed(Kind.STOPPING, "this node is shutting down"));
            }
            if (suspended) {
                return CompletableFuture.completedFuture(DialOutcome.failed(
                        Kind.FAILED, "this node connects to nobody while its net.log cannot be written"));
            }
            isNew = order.keep() && !wanted.containsKey(order.address());
            if (order.keep()) {
                WantedPeer entry = wanted.computeIfAbsent(
                        order.address(), address -> new WantedPeer(address, expected, newBackoff()));
                entry.peer = expected.or(() -> entry.peer);
                disarm(entry);
                save();
            }
        }
        if (up.isPresent()) {
            return CompletableFuture.completedFuture(new DialOutcome(
                    Kind.CONNECTED,
                    "session was up already",
                    expected,
                    up.get().facts().peer().name(),
                    up));
        }
        OutboundPeer.Goal goal =
                new OutboundPeer.Goal(order.address(), expected, order.expect().isPresent(), order.acceptNew());
        return begin(goal, 1).thenApply(outcome -> {
            if (isNew && !outcome.kind().worthAnother()) {
                // The operator is told at once. What was wanted before is not given up on a stranger's word.
                forget(order.address());
            }
            return outcome;
        });
    }

    /** Dials an address that was found and that nobody has asked for: whoever answers there is as welcome as if it had dialed. */
    CompletionStage<DialOutcome> dialFound(HostPort address, int attempt) {
        synchronized (this) {
            if (stopping || suspended) {
                return CompletableFuture.completedFuture(
                        DialOutcome.failed(Kind.STOPPING, "this node connects to nobody now"));
            }
        }
        return begin(new OutboundPeer.Goal(address, Optional.empty(), false, false), attempt);
    }

    /** Whether a peer has said that it is not there now. */
    boolean isAway(PeerId peer) {
        return absences.isAway(peer);
    }

    /** Dials that nobody asked for just then. */
    long redials() {
        return redials.sum();
    }

    /** All that is wanted connected. */
    public synchronized List<Status> wanted() {
        return wanted.values().stream().map(this::status).toList();
    }

    /** No longer wants an address. @return who is expected there, or empty if it was not wanted */
    public synchronized Optional<Status> forget(HostPort address) {
        WantedPeer entry = wanted.remove(address);
        if (entry == null) {
            return Optional.empty();
        }
        disarm(entry);
        save();
        return Optional.of(status(entry));
    }

    /** No longer wants a peer, at whatever address. @return whether it was wanted */
    public synchronized boolean forget(PeerId peer) {
        List<WantedPeer> of = wantedFor(peer);
        of.forEach(entry -> {
            wanted.remove(entry.address);
            disarm(entry);
        });
        if (!of.isEmpty()) {
            save();
        }
        return !of.isEmpty();
    }

    /** Another key has a peer's place: it is expected from now on where that one was. */
    synchronized void expectInstead(PeerId old, PeerId next) {
        List<WantedPeer> of = wantedFor(old);
        of.forEach(entry -> entry.peer = Optional.of(next));
        if (!of.isEmpty()) {
            save();
        }
    }

    /** Something about a peer has changed for the better: dials it without waiting longer. */
    public void retryNow(PeerId peer) {
        List<WantedPeer> of;
        synchronized (this) {
            of = wantedFor(peer);
            of.forEach(this::disarm);
        }
        of.forEach(this::dialWanted);
    }

    @Override
    public void sessionUp(Session session) {
        if (suspended) {
            session.close(Failure.BUSY, "");
        }
        absences.back(session.peerId());
        if (session.facts().initiatedHere()) {
            // By its id: a timer of a day would keep a session that ended long ago in memory.
            UUID id = session.id();
            vertx.setTimer(
                    config.session().maxAge().toMillis(),
                    ignored -> sessions.byId(id).ifPresent(this::renew));
        }
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        if (record instanceof Record.Return leaving) {
            if (absences.announced(session, leaving.seconds())) {
                audit.record(new SessionEvent.PeerLeaving(
                        session.id(), session.peerId().toString(), leaving.seconds()));
            }
        }
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        origins.remove(session);
        OptionalLong away = absences.ended(session, ending);
        List<WantedPeer> of;
        synchronized (this) {
            of = wantedFor(session.peerId());
        }
        of.forEach(entry -> later(entry, away));
    }

    private void renew(Session session) {
        HostPort origin = origins.get(session);
        if (origin != null && !suspended) {
            begin(new OutboundPeer.Goal(origin, Optional.of(session.peerId()), false, false), 1);
        }
    }

    private void dialWanted(WantedPeer entry) {
        Optional<PeerId> peer;
        int attempt;
        synchronized (this) {
            if (stopping || wanted.get(entry.address) != entry) {
                return;
            }
            disarm(entry);
            peer = entry.peer;
            attempt = suspended ? entry.attempts : ++entry.attempts;
        }
        if (suspended) {
            later(entry);
            return;
        }
        if (peer.flatMap(sessions::live).isPresent()) {
            return;
        }
        Optional<PeerId> expected = peer.or(() -> trust.knownAt(entry.address.toString()));
        redials.increment();
        begin(new OutboundPeer.Goal(entry.address, expected, false, false), attempt)
                .thenAccept(outcome -> {
                    if (outcome.kind() != Kind.CONNECTED) {
                        Status status;
                        synchronized (this) {
                            status = status(entry);
                        }
                        listeners.forEach(each -> each.dialFailed(status, outcome));
                        later(entry);
                    }
                });
    }

    /** Starts a dial, or joins the one to the same address that is under way. */
    private CompletableFuture<DialOutcome> begin(OutboundPeer.Goal goal, int attempt) {
        CompletableFuture<DialOutcome> result = new CompletableFuture<>();
        synchronized (this) {
            UnderWay other = dials.get(goal.address());
            if (other != null) {
                // Another goal is another question: whom this dial expects, the one under way may not.
                return other.goal().equals(goal)
                        ? other.outcome()
                        : other.outcome().thenCompose(ignored -> begin(goal, attempt));
            }
            if (goal.expected().isPresent() && !dialed.add(goal.expected().get())) {
                return CompletableFuture.completedFuture(
                        DialOutcome.failed(Kind.BUSY, "another dial to this peer is under way"));
            }
            dials.put(goal.address(), new UnderWay(goal, result));
        }
        audit.record(new ConnectionEvent.DialStarted(
                goal.address().toString(), goal.expected().map(PeerId::toString).orElse(null), attempt));
        if (goal.expected().isEmpty()) {
            LOG.infof("dialing %s without a peer id: this shows our identity to whoever answers", goal.address());
        }
        dial.dial(goal).thenAccept(outcome -> {
            settle(goal, outcome, attempt);
            result.complete(outcome);
        });
        return result;
    }

    private void settle(OutboundPeer.Goal goal, DialOutcome outcome, int attempt) {
        WantedPeer entry;
        synchronized (this) {
            dials.remove(goal.address());
            goal.expected().ifPresent(dialed::remove);
            entry = wanted.get(goal.address());
            if (entry != null) {
                note(entry, outcome);
            }
        }
        if (outcome.kind() == Kind.CONNECTED) {
            origins.put(outcome.session().orElseThrow(), goal.address());
        } else {
            audit.record(new ConnectionEvent.DialFailed(
                    goal.address().toString(),
                    goal.expected().map(PeerId::toString).orElse(null),
                    attempt,
                    outcome.detail()));
            LOG.infof("%s is not reached: %s", goal.address(), outcome.detail());
            if (entry != null) {
                later(entry);
            }
        }
    }

    /** Holding the lock: what a dial taught about a wanted connection. */
    private void note(WantedPeer entry, DialOutcome outcome) {
        if (outcome.kind() == Kind.CONNECTED || outcome.kind() == Kind.AWAITING_APPROVAL) {
            // Whoever proved its key there first is the one to expect from now on; only the operator changes that.
            if (entry.peer.isEmpty() && outcome.peer().isPresent()) {
                entry.peer = outcome.peer();
                save();
            }
        }
        if (outcome.kind() == Kind.CONNECTED) {
            entry.attempts = 0;
            entry.lastFailure = Optional.empty();
            entry.backoff.reset();
        } else {
            entry.lastFailure = Optional.of(outcome);
            entry.lastFailureAt = Optional.of(Instant.now());
        }
    }

    /** Arms the next dial of a wanted connection, unless its peer is connected. */
    private void later(WantedPeer entry) {
        later(entry, OptionalLong.empty());
    }

    /** @param away milliseconds, where the peer itself has said when it is back */
    private void later(WantedPeer entry, OptionalLong away) {
        if (entry.peer.flatMap(sessions::live).isPresent()) {
            return;
        }
        synchronized (this) {
            if (stopping || entry.timer >= 0 || wanted.get(entry.address) != entry) {
                return;
            }
            long wait = away.isPresent() ? away.getAsLong() : entry.backoff.next();
            entry.nextAttempt = Optional.of(Instant.now().plusMillis(wait));
            entry.timer = vertx.setTimer(wait, ignored -> dialWanted(entry));
        }
    }

    private void disarm(WantedPeer entry) {
        if (entry.timer >= 0) {
            vertx.cancelTimer(entry.timer);
            entry.timer = -1;
        }
        entry.nextAttempt = Optional.empty();
    }

    private List<WantedPeer> wantedFor(PeerId peer) {
        return wanted.values().stream()
                .filter(entry -> entry.peer.filter(peer::equals).isPresent())
                .toList();
    }

    private Status status(WantedPeer entry) {
        return new Status(
                entry.address,
                entry.peer,
                dials.containsKey(entry.address),
                entry.attempts,
                entry.nextAttempt,
                entry.lastFailure,
                entry.lastFailureAt);
    }

    /** Holding the lock, perhaps on an event loop: has the disk brought up to date on a thread of its own. */
    private void save() {
        if (!savePlanned && !writer.isShutdown()) {
            savePlanned = true;
            writer.execute(this::write);
        }
    }

    private void write() {
        List<WantedStore.Wanted> now;
        synchronized (this) {
            savePlanned = false;
            now = wanted.values().stream()
                    .map(entry -> new WantedStore.Wanted(entry.address, entry.peer))
                    .toList();
        }
        try {
            store.save(now);
        } catch (IOException unwritable) {
            // The connections are kept for as long as the node runs; only a restart would forget the change.
            LOG.errorf("connections.json cannot be written: %s", unwritable.getMessage());
        }
    }

    private Backoff newBackoff() {
        return new Backoff(config.reconnect().min(), config.reconnect().max(), new Random());
    }

    /** One connection that the operator wants. Guarded by the dialer's lock. */
    private static final class WantedPeer {
        private final HostPort address;
        private final Backoff backoff;
        private volatile Optional<PeerId> peer;
        private int attempts;
        private long timer = -1;
        private Optional<Instant> nextAttempt = Optional.empty();
        private Optional<DialOutcome> lastFailure = Optional.empty();
        private Optional<Instant> lastFailureAt = Optional.empty();

        WantedPeer(HostPort address, Optional<PeerId> peer, Backoff backoff) {
            this.address = address;
            this.peer = peer;
            this.backoff = backoff;
        }
    }
}
