package dev.parley.node.boot;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.NetLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.audit.WritableChanged;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What the node lives in: checked settings, the locked data directory, net.log and the identity key. Opened once, before
 * anything else of the node, by whoever asks first.
 */
@Singleton
class NodeHome {
    private static final Logger LOG = Logger.getLogger(NodeHome.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final ParleyConfig config;
    private final Event<WritableChanged> writableChanged;
    private final Settings settings;
    private final String version;
    private final long startedAt = System.nanoTime();

    private DataDirectory directory;
    private NetLog netLog;
    private NetLog.Head foundHead;
    private IdentityKey key;
    private CompletionStage<Void> sealed;
    private volatile IdentityChange change;
    private AdminSocketPlace socket;
    private volatile boolean closed;

    NodeHome(
            Config all,
            ParleyConfig config,
            Event<WritableChanged> writableChanged,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.writableChanged = writableChanged;
        this.settings = new Settings(all, config);
        this.version = version;
    }

    /** Opens the directory and net.log. @throws StartupFailure told in net.log if that could be opened */
    synchronized void open() {
        if (netLog != null || closed) {
            return;
        }
        var wrong = settings.failure();
        try {
            directory = DataDirectory.open(config.dataDir());
            netLog = NetLog.open(directory.resolve("net.log"), settings.netLog(), Clock.systemUTC());
            foundHead = netLog.head();
            netLog.watch(config.audit().onFailure().key(), (writable, problem) -> auditChanged(writable, problem));
        } catch (StartupFailure e) {
            throw wrong.orElse(e);
        } catch (IOException e) {
            closeDirectory();
            throw wrong.orElse(StartupFailure.state("net.log cannot be written: " + e.getMessage(), e));
        }
        if (wrong.isPresent()) {
            throw failed(wrong.get());
        }
        netLog.record(new NodeEvent.NodeStarted(
                version, ProcessHandle.current().pid(), Runtime.version().toString(), directory.path()));
        settings.settle().forEach(netLog::record);
        takeSocket();
    }

    /** The node's key: loaded, or made at the first start. From here on net.log is sealed. */
    synchronized IdentityKey identityKey() {
        if (key == null) {
            key = loadOrMake();
            try {
                sealed = netLog.seal(key, change.before(), directory.resolve("audit.key"));
            } catch (IOException e) {
                throw StartupFailure.state("audit.key cannot be read: " + e.getMessage(), e);
            }
        }
        return key;
    }

    /** Completes once net.log is sealed by the node's key and that is on the disk; after {@link #identityKey}. */
    synchronized CompletionStage<Void> sealed() {
        return sealed;
    }

    /** How the key came here and where it goes; after {@link #identityKey}. */
    IdentityChange identityChange() {
        return change;
    }

    /** What Quarkus takes of the time of a stop. */
    Duration quarkusStops() {
        return settings.quarkusStops();
    }

    private void auditChanged(boolean writable, String problem) {
        // While the node starts or stops there may be nobody to tell: what it does is in the log of the process.
        if (!closed) {
            writableChanged.fire(new WritableChanged(writable, problem));
        }
    }

    /** The certificates of a fleet, where they are for this key; else a key that took another's place shows that it did. */
    private List<byte[]> ownChain(List<byte[]> certificates) {
        if (!certificates.isEmpty() || config.identity().keyFile().isPresent()) {
            return certificates;
        }
        return change.chain();
    }

    private IdentityKey loadOrMake() {
        change = new IdentityChange(directory.path(), config.identity());
        if (config.identity().keyFile().isPresent()) {
            return new IdentityFile(config.identity().keyFile().get(), config.identity()).load();
        }
        if (change.hasKey()) {
            return change.load();
        }
        var file = new IdentityFile(directory.resolve("identity.pem"), config.identity());
        if (Files.exists(directory.resolve("peers.json"))) {
            var problem =
                    "identity.pem is missing although this node has run before: it gets a new identity, which none of its"
                            + " peers will recognise";
            LOG.warn(problem);
            netLog.record(new NodeEvent.ConfigWarning("identity.pem", problem));
        }
        var made = file.create();
        LOG.infof("made a new identity, RSA with %d bits: %s", made.bits(), made.peerId());
        netLog.record(new NodeEvent.IdentityCreated(made.peerId().toString(), made.bits()));
        return made;
    }

    /**
     * What the node shows of itself.
     *
     * @param chain its certificates, DER, its own first; may be empty
     * @throws StartupFailure if the claims are not allowed
     */
    Identity identity(IdentityKey key, List<byte[]> chain) {
        try {
            return Identity.of(key, config.name().orElse(""), config.advertise().orElse(""), ownChain(chain));
        } catch (IllegalArgumentException e) {
            throw StartupFailure.configuration("parley.name or parley.advertise", "is not allowed: " + e.getMessage());
        }
    }

    @Produces
    @ApplicationScoped
    AuditLog auditLog() {
        open();
        return netLog::record;
    }

    /** Where all state lives. */
    Path dataDirectory() {
        return directory.path();
    }

    /** net.log itself, for who follows it. */
    NetLog netLog() {
        open();
        return netLog;
    }

    /** What CREDENTIALS.txt says by now that the node did not start with. */
    Optional<String> addressChange() {
        return settings.addressChange();
    }

    /** What net.log had come to before this process wrote to it. */
    NetLog.Head foundHead() {
        open();
        return foundHead;
    }

    /** Since the process was prepared. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** Tells net.log why the node does not start, and gives up the directory. @return the failure, to be thrown */
    synchronized StartupFailure failed(StartupFailure failure) {
        if (netLog != null) {
            close(failure.event());
        }
        return failure;
    }

    /** Writes the last line and gives up the directory. */
    synchronized void close(AuditEvent last) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            netLog.record(last).toCompletableFuture().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.errorf("the last line of net.log could not be written: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        netLog.close();
        closeDirectory();
    }

    private void takeSocket() {
        try {
            socket = AdminSocketPlace.take(config.admin());
        } catch (StartupFailure e) {
            throw failed(e);
        }
    }

    private void closeDirectory() {
        if (socket != null) {
            socket.close();
        }
        directory.close();
    }
}
