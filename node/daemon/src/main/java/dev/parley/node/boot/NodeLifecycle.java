package dev.parley.node.boot;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.bridge.Bridge;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.ShutdownPlan;
import dev.parley.node.control.LogCheck;
import dev.parley.node.message.Retention;
import dev.parley.node.net.FleetSessions;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.node.trace.Tracing;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.CertificateWatch;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.OwnCertificate;
import dev.parley.node.witness.Exchange;
import dev.parley.node.witness.OwnLog;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * The order in which the node comes up and goes down. Up: settings, directory and net.log; known peers and identity; the
 * store; the port for peers; then, by Quarkus, the admin socket and the management port. Down: readiness; what is
 * under way in sessions, then they, told why and when this node is back; the admin socket; the known peers on disk; the store; the last line of net.log; the lock.
 */
@ApplicationScoped
class NodeLifecycle {
    static final int FIRST = 1;
    /** After whatever else of the node prepares or ends something. */
    static final int LATE = 10_000;

    static final int LAST = 20_000;

    private static final Logger LOG = Logger.getLogger("dev.parley.node");

    @Inject
    NodeHome home;

    @Inject
    ParleyConfig config;

    @Inject
    AuditLog audit;

    @Inject
    KnownPeers peers;

    @Inject
    CertificateWatch certificates;

    @Inject
    OwnCertificate certificate;

    @Inject
    FleetSessions fleet;

    @Inject
    Store store;

    @Inject
    Retention retention;

    @Inject
    Transfers transfers;

    @Inject
    OwnLog ownLog;

    @Inject
    Exchange witnesses;

    @Inject
    LogCheck logCheck;

    @Inject
    Bridge bridge;

    @Inject
    Tracing tracing;

    @Inject
    PeerNetwork network;

    @Inject
    HttpServer http;

    private volatile IdentityKey identityKey;
    private volatile Identity identity;
    private volatile Instant startedAt;
    private volatile boolean listening;
    private volatile boolean stopping;
    private volatile long stoppingSince;
    private volatile boolean drained;

    void prepare(@Observes @Priority(FIRST) StartupEvent event) {
        home.open();
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        try {
            peers.load();
            IdentityKey key = home.identityKey();
            certificates.load(key.publicKey());
            Identity own = home.identity(key, certificate.chain());
            store.open(home.dataDirectory(), key, home.identityChange().before());
            home.identityChange().complete(key, audit, home.sealed());
            retention.start();
            transfers.start();
            ownLog.start(key, home.foundHead(), home.netLog()::head);
            home.netLog().subscribe(ownLog::recorded);
            witnesses.start();
            logCheck.start(own.peerId());
            tracing.start(own.peerId().toString());
            bridge.start();
            network.start(key, own).toCompletableFuture().join();
            identityKey = key;
            identity = own;
            startedAt = Instant.now();
            listening = true;
            Main.endWithin(config.shutdown().grace());
            certificates.start(chain -> network.present(home.identity(key, chain)), fleet::sweep, network::retryAll);
            audit.record(new NodeEvent.ListenerOpened(network.listenAddress()));
        } catch (StartupFailure e) {
            throw home.failed(e);
        } catch (StoreException e) {
            throw home.failed(StartupFailure.state(e.getMessage(), e));
        } catch (IOException e) {
            throw home.failed(StartupFailure.state(e.getMessage(), e));
        } catch (CompletionException e) {
            throw home.failed(BindProblem.of(
                    e.getCause(), config.listen().host(), config.listen().port()));
        } catch (RuntimeException e) {
            throw home.failed(StartupFailure.of(ExitCode.FAILED, "the node cannot start: " + e, e));
        }
    }

    /** Everything is up, the admin socket included. */
    void ready() {
        var socket = config.admin().socket().toAbsolutePath().normalize();
        audit.record(new NodeEvent.NodeReady(
                identity.peerId().toString(),
                network.listenAddress(),
                socket,
                managementPort().orElse(0),
                config.suites(),
                config.trust().mode().key(),
                home.age()));
        LOG.infof("ready: %s", identity.peerId());
        LOG.infof(
                "peers connect to %s, trust mode %s",
                network.listenAddress(), config.trust().mode().key());
        LOG.infof("admin socket %s", socket);
        managementPort().ifPresent(port -> LOG.infof("health and metrics http://127.0.0.1:%d/q/", port));
    }

    /** The admin socket and the management port still answer: whoever asks hears from now on that this node is not ready. */
    void leave(@Observes @Priority(FIRST) ShutdownDelayInitiatedEvent event) {
        beginToStop(ApplicationLifecycleManager.isVmShuttingDown() ? "signal to end" : "asked to");
    }

    void drain(@Observes @Priority(LATE) ShutdownDelayInitiatedEvent event) {
        drain();
    }

    /** Where there was no word before, as in a reload of dev mode, everything happens here. */
    void stop(@Observes @Priority(LATE) ShutdownEvent event) {
        if (!listening) {
            return;
        }
        beginToStop(event.isStandardShutdown() ? "asked to" : "signal to end");
        drain();
        certificates.stop();
        audit.record(new NodeEvent.ListenerClosed(network.listenAddress()));
    }

    private void beginToStop(String reason) {
        if (listening && !stopping) {
            stopping = true;
            stoppingSince = Ticks.now();
            audit.record(new NodeEvent.NodeStopping(reason));
        }
    }

    private void drain() {
        if (!listening || drained) {
            return;
        }
        drained = true;
        Duration gone = Duration.ofMillis(Ticks.now() - stoppingSince).plus(home.quarkusStops());
        SessionRegistry.Drained result = network.stop(ShutdownPlan.of(config).without(gone))
                .toCompletableFuture()
                .join();
        audit.record(new NodeEvent.NodeDrained(
                result.sessions(), result.late(), Duration.ofMillis(Ticks.now() - stoppingSince)));
    }

    void release(@Observes @Priority(LAST) ShutdownEvent event) {
        if (listening) {
            logCheck.stop();
            retention.stop();
            together(bridge::stop, transfers::stop, witnesses::stop, tracing::stop);
            peers.stop();
            store.close();
            home.close(new NodeEvent.NodeStopped(home.age()));
        }
    }

    /** Each of them waits for others, who may hang: their waits are one, and what comes after has its time. */
    private static void together(Runnable... stops) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Runnable each : stops) {
                threads.execute(each);
            }
        }
    }

    /** Whether the node listens and takes work. */
    boolean isUp() {
        return listening && !stopping;
    }

    boolean isStarted() {
        return listening;
    }

    Identity identity() {
        return identity;
    }

    IdentityKey identityKey() {
        return identityKey;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Empty while there is none. */
    OptionalInt managementPort() {
        int port = http.getManagementPort();
        return port > 0 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
