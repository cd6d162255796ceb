package dev.parley.node.boot;

import dev.parley.node.audit.NetLog;
import dev.parley.node.bridge.Bridge;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.control.LogCheck;
import dev.parley.node.message.DeliveryState;
import dev.parley.node.message.History;
import dev.parley.node.message.Messages;
import dev.parley.node.message.StoreFacts;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Penalties;
import dev.parley.node.net.Refusals;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.store.Store;
import dev.parley.node.transfer.TransferState;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.OwnCertificate;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The node in figures: gauges of what is there now; what happens is counted by {@link EventCounts}. {@link Metric} lists all. */
@ApplicationScoped
class NodeMetrics {
    private static final long LOOK_EVERY_MILLIS = 5_000;
    private static final long EXPECT_AFTER_MILLIS = 1_000;
    private static final double MILLIS = 1_000.0;

    @Inject
    MeterRegistry registry;

    @Inject
    Vertx vertx;

    @Inject
    ParleyConfig config;

    @Inject
    NodeHome home;

    @Inject
    NodeLifecycle lifecycle;

    @Inject
    SessionRegistry sessions;

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    @Inject
    Messages messages;

    @Inject
    History history;

    @Inject
    Transfers transfers;

    @Inject
    Store store;

    @Inject
    StoreFacts storeFacts;

    @Inject
    OwnCertificate certificate;

    @Inject
    LogCheck logCheck;

    @Inject
    Bridge bridge;

    @ConfigProperty(name = "quarkus.application.version")
    String version;

    private final List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    private Meters meters;
    private EventCounts counts;
    private CompletableFuture<Void> registered;
    // What the store has to be asked for: no scrape waits for it.
    private volatile Optional<Instant> oldestWaiting = Optional.empty();
    private volatile long bridgeLag;

    /** After net.log is open. The node goes on with its start meanwhile: there are hundreds of series. */
    void start(@Observes @Priority(NodeLifecycle.FIRST + 1) StartupEvent event) {
        var held = new HeldEvents();
        home.netLog().subscribe(held);
        // A thread of its own, and not one of the common pool: it has this one's class loader, which matters in dev
        // mode.
        registered = CompletableFuture.runAsync(
                () -> registerAll(held),
                task -> Thread.ofPlatform().name("metrics").daemon().start(task));
    }

    private void registerAll(HeldEvents held) {
        meters = new Meters(registry);
        node();
        sessions();
        strangers();
        messages();
        files();
        store();
        audit(home.netLog());
        if (config.bridge().enabled()) {
            bridge();
        }
        counts = new EventCounts(meters);
        held.handOver(counts::count);
    }

    void started(@Observes @Priority(NodeLifecycle.LATE + 1) StartupEvent event) {
        registered.join();
        // What is left of the start has the processors to itself.
        vertx.setTimer(
                EXPECT_AFTER_MILLIS,
                ignored -> Thread.ofPlatform().name("metrics").daemon().start(counts::expectAll));
    }

    private void node() {
        meters.gauge(
                Metric.NODE_INFO,
                () -> 1,
                version,
                Runtime.version().toString(),
                Crypto.best().name(),
                config.trust().mode().key());
        meters.gauge(Metric.CERTIFICATE_EXPIRES, certificate::secondsLeft);
        meters.gauge(Metric.CERTIFICATE_LIFETIME, certificate::secondsOfLife);
        meters.gauge(Metric.DIRECT_MEMORY, this::directMemory);
        EventLoopLag.watch(vertx, meters.histogram(Metric.EVENT_LOOP_LAG, Buckets.SHORT));
    }

    private void sessions() {
        for (Session.State state : Session.State.values()) {
            for (Suite suite : Suite.values()) {
                meters.gauge(Metric.SESSIONS, () -> sessions.count(state, suite), Words.of(state), suite.text());
            }
        }
        for (PeerState state : PeerState.values()) {
            DoubleSupplier count = () ->
                    peers.all().stream().filter(peer -> peer.state() == state).count();
            meters.gauge(Metric.PEERS, count, Words.of(state));
        }
        meters.counter(Metric.RECONNECTS, network::redials);
    }

    private void strangers() {
        meters.gauge(Metric.HANDSHAKES_OPEN, network::halfOpen);
        meters.gauge(Metric.UNWRAPS_WAITING, network::unwrapsWaiting);
        meters.gauge(
                Metric.HELD_BACK,
                () -> network.penalties().map(Penalties::heldBack).orElse(0));
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            meters.counter(Metric.REFUSED, () -> network.refusals().count(reason), reason.key());
        }
        meters.counter(Metric.CONNECTION_BYTES, network::bytesIn, "in");
        meters.counter(Metric.CONNECTION_BYTES, network::bytesOut, "out");
    }

    private void messages() {
        for (DeliveryState state : DeliveryState.values()) {
            meters.gauge(Metric.DELIVERIES, () -> messages.counts()[state.ordinal()], Words.of(state));
        }
        meters.gauge(Metric.OUTBOX_MESSAGES, () -> messages.waiting().inAll().messages());
        meters.gauge(Metric.OUTBOX_BYTES, () -> messages.waiting().inAll().bytes());
        meters.gauge(Metric.UNREAD, history::unreadInAll);
        meters.gauge(Metric.OUTBOX_AGE, this::oldestAge);
        vertx.setPeriodic(LOOK_EVERY_MILLIS, ignored -> lookForOldest());
    }

    private void files() {
        for (TransferState state : TransferState.values()) {
            if (!state.isFinal()) {
                for (boolean outgoing : new boolean[] {true, false}) {
                    meters.gauge(
                            Metric.TRANSFERS,
                            () -> transfers.count(outgoing, state),
                            Words.direction(outgoing),
                            Words.of(state));
                }
            }
        }
        meters.gauge(Metric.SPOOL_BYTES, transfers::spoolBytes);
    }

    private void store() {
        meters.gauge(Metric.STORE_BYTES, () -> ofStore(() -> store.database().bytes()));
        meters.gauge(Metric.STORE_FREE, () -> ofStore(store::freeBytes));
        meters.gauge(Metric.STORE_WAITING, () -> ofStore(() -> store.database().waiting()));
        meters.gauge(Metric.STORE_WRITABLE, () -> ofStore(() -> store.hasRoom() ? 1 : 0));
        Timer commits = meters.histogram(Metric.STORE_COMMIT, Buckets.SHORT);
        store.onCommit(nanos -> commits.record(nanos, TimeUnit.NANOSECONDS));
    }

    private void audit(NetLog log) {
        meters.gauge(Metric.AUDIT_WRITABLE, () -> log.isWritable() ? 1 : 0);
        meters.counter(Metric.AUDIT_LINES, () -> log.head().seq());
        meters.gauge(
                Metric.AUDIT_VERIFIED,
                () -> logCheck.last()
                        .map(last -> last.at().toEpochMilli() / MILLIS)
                        .orElse(0.0));
        meters.gauge(
                Metric.AUDIT_VERIFY_EVERY, () -> config.audit().verifyEvery().toMillis() / MILLIS);
        meters.gauge(
                Metric.AUDIT_INTACT,
                () -> log.isChainWhole()
                                && logCheck.last().map(LogCheck.Outcome::holds).orElse(true)
                        ? 1
                        : 0);
    }

    private void bridge() {
        meters.gauge(Metric.BRIDGE_CONNECTED, () -> bridge.isConnected() ? 1 : 0);
        meters.gauge(Metric.BRIDGE_LAG, () -> bridgeLag);
        vertx.setPeriodic(LOOK_EVERY_MILLIS, ignored -> {
            if (lifecycle.isUp()) {
                bridge.lag().thenAccept(found -> bridgeLag = found);
            }
        });
        meters.counter(Metric.BRIDGE_PUBLISHED, bridge::published);
        meters.counter(Metric.BRIDGE_TAKEN, bridge::taken);
        meters.counter(Metric.BRIDGE_REJECTED, bridge::rejected);
    }

    private double ofStore(DoubleSupplier value) {
        return store.isOpen() ? value.getAsDouble() : 0;
    }

    private void lookForOldest() {
        if (!lifecycle.isUp() || messages.waiting().inAll().messages() == 0) {
            oldestWaiting = Optional.empty();
            return;
        }
        // A store that cannot be read has its own alarm; what was last known stands.
        storeFacts.oldestWaiting().thenAccept(found -> oldestWaiting = found);
    }

    private double oldestAge() {
        return oldestWaiting
                .map(at -> Math.max(0, Duration.between(at, Instant.now()).toMillis() / MILLIS))
                .orElse(0.0);
    }

    /** What is mapped into memory is no buffer. */
    private double directMemory() {
        long direct = pools.stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        // Netty's own, where the JVM does not see it; -1 where it does.
        return direct + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
