package dev.parley.node.net;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.crypto.PeerId;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Finds peers by a name in DNS ({@code parley.discovery.dns}) and keeps this node connected with all that are behind it, as the name
 * changes. DNS says only where to dial: whom to trust is decided as always. All of it happens on one thread.
 */
@ApplicationScoped
public class Discovery implements PeerListener {

    /**
     * What has come of the looking.
     *
     * @param name in DNS
     * @param answered whether DNS has answered at all since the start
     * @param problem why the name is not resolved now; empty where it is
     * @param failingSince since when; present exactly when {@code problem} is
     * @param cut whether the name has more addresses than are taken
     * @param places the addresses it had when it was last resolved, in their order
     */
    public record Standing(
            String name,
            boolean answered,
            Optional<String> problem,
            Optional<Instant> failingSince,
            boolean cut,
            List<Place> places) {}

    /**
     * An address that the name has.
     *
     * @param peer who was met there; empty before the first meeting
     * @param self whether it is this node's own
     * @param ours whether it is for this node to dial it; of each pair one dials, the other only where nobody comes
     * @param attempts dials since the last session
     * @param lastFailure why the last of these failed; empty when none has
     * @param lastFailureAt when; present exactly when {@code lastFailure} is
     */
    public record Place(
            HostPort address,
            Optional<PeerId> peer,
            boolean self,
            boolean connected,
            boolean ours,
            int attempts,
            Optional<DialOutcome> lastFailure,
            Optional<Instant> lastFailureAt) {}

    /** How often it is looked whether somebody has to be dialed. */
    private static final long LOOK_MILLIS = 500;
    /** Within which this thread says how it stands; its looks take milliseconds. */
    private static final long PATIENCE_SECONDS = 5;
    /** Addresses that a line of net.log names. */
    private static final int NAMED = 32;

    private static final Logger LOG = Logger.getLogger(Discovery.class);

    private final Vertx vertx;
    private final ParleyConfig config;
    private final SessionRegistry sessions;
    private final Dialer dialer;
    private final AuditLog audit;
    private final Random random = new Random();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parley-discovery").factory());

    private String name;
    private int listenPort;
    private DnsQuestions questions;
    private PeerNames names;
    private PeerTable table;
    private Set<PeerAddress> own = Set.of();
    private boolean asking;
    private long askAt;
    private Optional<Long> failingSince = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private boolean answered;
    private boolean cut;

    Discovery(Vertx vertx, ParleyConfig config, SessionRegistry sessions, Dialer dialer, AuditLog audit) {
        this.vertx = vertx;
        this.config = config;
        this.sessions = sessions;
        this.dialer = dialer;
        this.audit = audit;
    }

    /** Begins, where a name is set. @param port that this node listens on */
    void start(int port) {
        config.discovery().dns().ifPresent(target -> {
            int colon = target.indexOf(':');
            name = colon < 0 ? target : target.substring(0, colon);
            listenPort = port;
            questions = new DnsQuestions(vertx);
            names = new PeerNames(
                    questions, resolvConf(), name, colon < 0 ? port : Integer.parseInt(target.substring(colon + 1)));
            table = new PeerTable(
                    config.discovery().every(),
                    config.reconnect().min(),
                    config.reconnect().max(),
                    random);
            thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    /** Looks for nobody any more. */
    void stop() {
        thread.shutdownNow();
    }

    @PreDestroy
    void close() {
        stop();
        if (questions != null) {
            questions.close();
        }
    }

    @Override
    public void approved(KnownPeer peer) {
        if (table != null) {
            onThread(() -> table.retryNow(peer.id()));
        }
    }

    /** What kept peers apart may be gone: they are dialed soon, each at its own time. */
    void retryAll() {
        if (table != null) {
            onThread(() -> table.retryAll(Ticks.now()));
        }
    }

    /** @return completes with how it stands; empty where no name is set, or nobody is looked for any more */
    public CompletionStage<Optional<Standing>> standing() {
        if (table == null || thread.isShutdown()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            // A thread that is stopped just then drops what waits for it.
            return CompletableFuture.supplyAsync(() -> Optional.of(stands()), thread)
                    .completeOnTimeout(Optional.empty(), PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopped) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private Standing stands() {
        return new Standing(
                name,
                answered,
                problem,
                failingSince.map(since -> Instant.now().minusMillis(Ticks.now() - since)),
                cut,
                table.standings(own, live()).stream().map(Discovery::place).toList());
    }

    private static Place place(PeerTable.Standing standing) {
        return new Place(
                standing.address().hostPort(),
                standing.peer(),
                standing.self(),
                standing.connected(),
                standing.ours(),
                standing.attempts(),
                standing.failure().map(PeerTable.Failure::outcome),
                standing.failure().map(PeerTable.Failure::at));
    }

    private void look() {
        try {
            long now = Ticks.now();
            if (!asking && now >= askAt) {
                asking = true;
                names.find().thenAccept(found -> onThread(() -> answered(found)));
            }
            table.due(now, own, live(), dialer::isAway).forEach(this::dial);
        } catch (RuntimeException defect) {
            // One that got out would end the timer, and with it discovery.
            LOG.errorf(defect, "discovery of %s", name);
        }
    }

    private void answered(PeerNames.Found found) {
        long now = Ticks.now();
        long every = config.discovery().every().toMillis();
        asking = false;
        // A fifth more or less: nodes that started together do not ask together for ever.
        askAt = now + every - every / 5 + random.nextLong(every / 5 * 2 + 1);
        if (!found.known()) {
            failed(found.problem(), now);
            return;
        }
        failingSince.ifPresent(
                since -> audit.record(new ConnectionEvent.DiscoveryRecovered(name, Duration.ofMillis(now - since))));
        failingSince = Optional.empty();
        problem = Optional.empty();
        answered = true;
        cut = found.cut();
        own = ownAddresses();
        PeerTable.Change change = table.update(found.addresses(), now);
        if (!change.isNone()) {
            audit.record(new ConnectionEvent.PeersDiscovered(
                    name,
                    change.found().size(),
                    change.gone().size(),
                    table.size(),
                    found.cut(),
                    some(change.found()),
                    some(change.gone())));
            LOG.infof(
                    "%s: %d addresses, %d of them new, %d gone%s",
                    name,
                    table.size(),
                    change.found().size(),
                    change.gone().size(),
                    found.cut() ? "; there are more than are taken" : "");
        }
    }

    private void failed(String why, long now) {
        problem = Optional.of(why);
        if (failingSince.isEmpty()) {
            failingSince = Optional.of(now);
            audit.record(new ConnectionEvent.DiscoveryFailed(name, why, table.size()));
            LOG.warnf("%s is not resolved: %s; the %d addresses known before stay", name, why, table.size());
        }
    }

    private void dial(PeerAddress address) {
        dialer.dialFound(address.hostPort(), table.attempts(address))
                .thenAccept(outcome -> onThread(() -> dialed(address, outcome)));
    }

    private void dialed(PeerAddress address, DialOutcome outcome) {
        if (outcome.kind() == Kind.CONNECTED) {
            table.reached(address, outcome.peer().orElseThrow());
        } else if (outcome.kind() == Kind.CONNECTED_TO_SELF) {
            table.isSelf(address);
        } else {
            table.failed(address, outcome.peer(), Ticks.now());
            table.note(address, new PeerTable.Failure(outcome, Instant.now()));
        }
    }

    private List<PeerTable.Live> live() {
        return sessions.all().stream()
                .filter(each -> each.state() != Session.State.CLOSING)
                .map(Discovery::live)
                .toList();
    }

    private static PeerTable.Live live(Session session) {
        Optional<PeerAddress> remote = address(session.facts().remoteAddress());
        boolean ours = session.facts().initiatedHere();
        return new PeerTable.Live(
                session.peerId(),
                remote.filter(each -> ours),
                remote.filter(each -> !ours).map(PeerAddress::ip),
                session.facts().peer().address());
    }

    private static Optional<PeerAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return Optional.of(new PeerAddress(
                    InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
            return Optional.empty();
        }
    }

    private Set<PeerAddress> ownAddresses() {
        InetAddress listen = InetAddress.ofLiteral(config.listen().host());
        if (!listen.isAnyLocalAddress()) {
            return Set.of(new PeerAddress(listen, listenPort));
        }
        Set<PeerAddress> all = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(each -> all.add(new PeerAddress(each, listenPort)));
        } catch (SocketException unknown) {
            // It will meet itself once, and know.
        }
        return all;
    }

    private Supplier<ResolvConf> resolvConf() {
        Optional<List<InetSocketAddress>> servers = config.discovery()
                .servers()
                .map(all -> all.stream().map(Discovery::nameServer).toList());
        return () -> {
            ResolvConf system = ResolvConf.read(ResolvConf.SYSTEM);
            return servers.map(system::asking).orElse(system);
        };
    }

    /** {@code address}, {@code address:port} or {@code [v6]:port}, as the check of the settings has found it. */
    private static InetSocketAddress nameServer(String text) {
        boolean withPort = text.startsWith("[") || text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        if (!withPort) {
            return new InetSocketAddress(InetAddress.ofLiteral(text), ResolvConf.PORT);
        }
        HostPort server = HostPort.parse(text);
        return new InetSocketAddress(InetAddress.ofLiteral(server.host()), server.port());
    }

    private void onThread(Runnable task) {
        if (!thread.isShutdown()) {
            try {
                thread.execute(task);
            } catch (RejectedExecutionException stopped) {
                // Nobody looks for peers any more.
            }
        }
    }

    private static List<String> some(List<PeerAddress> all) {
        return all.stream().limit(NAMED).map(PeerAddress::toString).toList();
    }
}
