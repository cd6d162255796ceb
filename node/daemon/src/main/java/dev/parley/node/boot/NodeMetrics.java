package dev.parley.node.boot;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.audit.NetLog;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Penalties;
import dev.parley.node.net.Refusals;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.transfer.TransferState;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.OwnCertificate;
import dev.parley.node.trust.PeerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The node in figures. Whatever is worth counting is an audit event, so the counters follow net.log: one for each type
 * of event, with its level. Gauges tell what is there now.
 */
@ApplicationScoped
class NodeMetrics {
    private final MeterRegistry registry;
    private final NodeHome home;
    private final SessionRegistry sessions;
    private final PeerNetwork network;
    private final KnownPeers peers;
    private final Transfers transfers;
    private final OwnCertificate certificate;
    private final Map<Class<?>, Counter> counters = new ConcurrentHashMap<>();

    NodeMetrics(
            MeterRegistry registry,
            NodeHome home,
            SessionRegistry sessions,
            PeerNetwork network,
            KnownPeers peers,
            Transfers transfers,
            OwnCertificate certificate) {
        this.registry = registry;
        this.home = home;
        this.sessions = sessions;
        this.network = network;
        this.peers = peers;
        this.transfers = transfers;
        this.certificate = certificate;
    }

    /** After net.log is open and before anything can happen. */
    void start(@Observes @Priority(NodeLifecycle.FIRST + 1) StartupEvent event) {
        home.netLog().subscribe(this::count);
        Gauge.builder("parley.sessions", sessions, SessionRegistry::size)
                .description("Live sessions")
                .register(registry);
        Gauge.builder("parley.handshakes", network, PeerNetwork::halfOpen)
                .description("Inbound handshakes under way")
                .register(registry);
        Gauge.builder("parley.addresses.held.back", network, NodeMetrics::heldBack)
                .description("Addresses whose strangers have cost too much")
                .register(registry);
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            FunctionCounter.builder("parley.connections.refused", network.refusals(), all -> all.count(reason))
                    .description("Inbound connections that a limit has ended, by reason")
                    .tag("reason", reason.key())
                    .register(registry);
        }
        Gauge.builder("parley.audit.writable", home.netLog(), log -> log.isWritable() ? 1 : 0)
                .description("1 while net.log can be written")
                .register(registry);
        Gauge.builder("parley.spool.bytes", transfers, Transfers::spoolBytes)
                .description("What the contents of files take on the disk")
                .register(registry);
        Gauge.builder("parley.certificate.expires", certificate, OwnCertificate::secondsLeft)
                .description("Time until the node's own certificate expires; not a number where it has none")
                .baseUnit("seconds")
                .register(registry);
        for (TransferState state : TransferState.values()) {
            if (!state.isFinal()) {
                transfers(true, state);
                transfers(false, state);
            }
        }
        for (PeerState state : PeerState.values()) {
            Gauge.builder(
                            "parley.peers",
                            peers,
                            known -> known.all().stream()
                                    .filter(peer -> peer.state() == state)
                                    .count())
                    .description("Known peers by state")
                    .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
                    .register(registry);
        }
    }

    private static int heldBack(PeerNetwork network) {
        return network.penalties().map(Penalties::heldBack).orElse(0);
    }

    private void transfers(boolean outgoing, TransferState state) {
        Gauge.builder("parley.transfers", transfers, all -> all.count(outgoing, state))
                .description("Transfers of files that have not ended, by direction and state")
                .tag("direction", outgoing ? "out" : "in")
                .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
                .register(registry);
    }

    private void count(NetLog.Recorded recorded) {
        AuditEvent event = recorded.event();
        counters.computeIfAbsent(
                        event.getClass(),
                        type -> Counter.builder("parley.events")
                                .description("Audit events, by type")
                                .tag("event", event.event())
                                .tag("level", event.level().name())
                                .register(registry))
                .increment();
        switch (event) {
            case MessageEvent.MessageSent sent -> bytes("out", sent.size());
            case MessageEvent.MessageReceived received -> bytes("in", received.size());
            case ConnectionEvent.StrangersSuppressed sum -> {
                leftOut("CONNECTION_OPENED", sum.connectionsOpened());
                leftOut("HANDSHAKE_STARTED", sum.handshakesStarted());
                leftOut("QUOTA_EXCEEDED", sum.quotasExceeded());
                leftOut("HANDSHAKE_FAILED", sum.handshakesFailed());
                leftOut("HANDSHAKE_REJECTED", sum.handshakesRejected());
                leftOut("HANDSHAKE_COMPLETED", sum.handshakesCompleted());
                leftOut("PEER_NOT_QUEUED", sum.peersNotQueued());
                leftOut("SESSION_REFUSED", sum.sessionsRefused());
                leftOut("CONNECTION_CLOSED", sum.connectionsClosed());
                leftOut("PENALTY_BEGUN", sum.penaltiesBegun());
                leftOut("PENALTY_ENDED", sum.penaltiesEnded());
            }
            default -> {}
        }
    }

    /** Apart from the counters that follow the lines of net.log. */
    private void leftOut(String event, long events) {
        registry.counter("parley.events.left.out", "event", event).increment(events);
    }

    private void bytes(String direction, long size) {
        registry.counter("parley.message.bytes", "direction", direction).increment(size);
    }
}
