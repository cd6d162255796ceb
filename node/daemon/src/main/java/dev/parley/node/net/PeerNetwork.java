package dev.parley.node.net;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.WritableChanged;
import dev.parley.node.config.AuditFailure;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.ShutdownPlan;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.AddressKey;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.wire.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The node on the network, as a whole: starts and stops the server and the dialer. */
@ApplicationScoped
public class PeerNetwork {

    private final Vertx vertx;
    private final ParleyConfig config;
    private final SessionRegistry sessions;
    private final AuditLog audit;
    private final TrustPolicy trust;
    private final PeerWork work;
    private final Dialer dialer;
    private final Discovery discovery;
    private HalfOpen<PeerConnection> halfOpen;
    private StrangersAudit strangers;
    private volatile Penalties penalties;
    private TrustedAddresses trusted;
    private volatile PeerId self;
    private volatile int port;
    private volatile ChannelSettings settings;
    private final AtomicBoolean stopping = new AtomicBoolean();
    /** Nothing may happen that cannot be logged. */
    private volatile boolean unlogged;

    PeerNetwork(
            Vertx vertx,
            ParleyConfig config,
            SessionRegistry sessions,
            AuditLog audit,
            TrustPolicy trust,
            PeerWork work,
            Dialer dialer,
            Discovery discovery) {
        this.vertx = vertx;
        this.config = config;
        this.sessions = sessions;
        this.audit = audit;
        this.trust = trust;
        this.work = work;
        this.dialer = dialer;
        this.discovery = discovery;
    }

    /**
     * Listens, and dials what is wanted.
     *
     * @return completes with the port that it listens on; fails with the cause if the address cannot be had
     */
    public CompletionStage<Integer> start(IdentityKey key, Identity identity) {
        settings = settings(key, identity);
        self = identity.peerId();
        sessions.start(self);
        halfOpen = new HalfOpen<>(
                config.handshake().halfOpen().total(),
                config.handshake().halfOpen().perAddress());
        strangers = strangers();
        trusted = new TrustedAddresses();
        penalties = newPenalties();
        PeerServer server = new PeerServer(
                vertx,
                new InboundPeer.Shared(
                        sessions,
                        strangers,
                        trust,
                        work,
                        halfOpen,
                        trusted,
                        penalties,
                        work.refusals(),
                        config.session().max(),
                        this::closed),
                () -> settings);
        int eventLoops = config.listen().eventLoops() > 0
                ? config.listen().eventLoops()
                : Runtime.getRuntime().availableProcessors();
        Future<Integer> listening =
                server.listen(config.listen().host(), config.listen().port(), eventLoops);
        return listening
                .onSuccess(actual -> {
                    port = actual;
                    dialer.start(() -> settings, config.dataDir());
                    discovery.start(actual);
                })
                .toCompletionStage();
    }

    /** Shows peers other claims about the same key from now on; sessions that are up are not touched. */
    public void present(Identity identity) {
        settings = settings.withIdentity(identity);
    }

    /** Dials all that are to be connected and are not, soon and each at its own time, however long it was in vain before. */
    public void retryAll() {
        dialer.retryAll();
        discovery.retryAll();
    }

    /** {@code host:port} that the node listens on. */
    public String listenAddress() {
        return new HostPort(config.listen().host(), port).toString();
    }

    /** Who this node is; known once it has started. */
    public PeerId self() {
        return self;
    }

    /** Inbound handshakes under way. */
    public int halfOpen() {
        return halfOpen == null ? 0 : halfOpen.size();
    }

    /** Bytes read from the connections of all peers since the process began, handshakes too. */
    public long bytesIn() {
        return PeerConnection.ALL_BYTES_IN.sum();
    }

    /** Bytes written likewise. */
    public long bytesOut() {
        return PeerConnection.ALL_BYTES_OUT.sum();
    }

    /** Dials that this node began by itself, since it started, for connections that the operator wants kept. */
    public long redials() {
        return dialer.redials();
    }

    /** RSA unwraps for strangers that wait for a thread. */
    public int unwrapsWaiting() {
        return work.unwrapsWaiting();
    }

    /** What is held against addresses; empty before the node has started. */
    public Optional<Penalties> penalties() {
        return Optional.ofNullable(penalties);
    }

    /** Whether the connections of an address are taken although it is held back: trusted peers come from there. */
    public boolean isServedInAnyCase(AddressKey address) {
        return trusted.knows(address);
    }

    public Refusals refusals() {
        return work.refusals();
    }

    /**
     * Dials and accepts no more, lets what is under way come to its end, tells peers when this node is back, and closes every session
     * with code 8.
     *
     * @return completes when no session is left, or when the plan's time for that is up
     */
    public CompletionStage<SessionRegistry.Drained> stop(ShutdownPlan plan) {
        stopping.set(true);
        discovery.stop();
        dialer.stop();
        // The listener itself is closed last, by Vert.x: it takes its connections with it.
        return sessions.drain(plan.settle(), plan.backSeconds())
                .toCompletableFuture()
                .orTimeout(plan.untilClosed().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> new SessionRegistry.Drained(sessions.size(), sessions.size()))
                .whenComplete((drained, never) -> sumStrangersUp());
    }

    /** Closes every session and takes none while net.log cannot be written, if the operator wants it so. */
    void auditChanged(@Observes WritableChanged change) {
        if (config.audit().onFailure() == AuditFailure.STOP) {
            unlogged = !change.writable();
            dialer.suspend(unlogged);
            if (unlogged) {
                sessions.closeAll(Failure.BUSY, "");
            } else {
                retryAll();
            }
        }
    }

    private Optional<Failure> closed() {
        if (stopping.get()) {
            return Optional.of(Failure.SHUTTING_DOWN);
        }
        return unlogged ? Optional.of(Failure.BUSY) : Optional.empty();
    }

    private void sumStrangersUp() {
        if (strangers != null) {
            strangers.stop();
        }
    }

    private StrangersAudit strangers() {
        ParleyConfig.Strangers limits = config.audit().strangers();
        return new StrangersAudit(
                audit,
                new StrangersAudit.Limits(limits.window(), limits.connections(), limits.addresses(), limits.total()),
                Clock.systemUTC(),
                (window, task) -> vertx.setTimer(window.toMillis(), ignored -> task.run()));
    }

    private Penalties newPenalties() {
        return new Penalties(
                config.penalty().threshold(),
                config.penalty().halfLife(),
                strangers::penalty,
                (delay, task) -> vertx.setTimer(delay.toMillis(), ignored -> task.run()),
                Ticks::now);
    }

    private ChannelSettings settings(IdentityKey key, Identity identity) {
        ParleyConfig.Session session = config.session();
        ChannelSettings.Timing usual = ChannelSettings.Timing.DEFAULTS;
        ChannelSettings.Timing timing = new ChannelSettings.Timing(
                config.handshake().deadline().toMillis(),
                usual.frame(),
                usual.framePer32KiB(),
                session.pingAfter().toMillis(),
                session.deadAfter().toMillis(),
                usual.rejectWait(),
                usual.closeWait(),
                session.writeStall().toMillis());
        RatchetPolicy defaults = RatchetPolicy.DEFAULTS;
        RatchetPolicy rekeying = new RatchetPolicy(
                config.ratchet().bytes().asLongValue(),
                config.ratchet().records(),
                config.ratchet().age().toMillis(),
                defaults.jitter(),
                defaults.timeout(),
                defaults.maxBytes(),
                defaults.maxRecords());
        return ChannelSettings.defaults(key, identity, new SecureRandom())
                .withSuites(config.suites().stream().map(Suite::parse).toList())
                .withMaxPlaintext(Math.toIntExact(session.maxPlaintext().asLongValue()))
                .withMaxQueued(session.writeBuffer().asLongValue())
                .withTiming(timing)
                .withRekeying(rekeying);
    }
}
