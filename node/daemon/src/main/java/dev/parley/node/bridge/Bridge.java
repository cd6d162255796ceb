package dev.parley.node.bridge;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.BridgeEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.Groups;
import dev.parley.node.message.History;
import dev.parley.node.message.IncomingMessage;
import dev.parley.node.message.MessageListener;
import dev.parley.node.message.Messages;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeers;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Holds the connection to NATS: one thread connects, checks the streams and publishes; another takes. A failure of either ends
 * the connection, and another is made after a pause with jitter, for ever. The node never waits for any of it.
 */
@ApplicationScoped
@Unremovable
public class Bridge implements MessageListener {
    private static final Logger LOG = Logger.getLogger(Bridge.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** For what was interrupted to note how far it got. */
    private static final Duration LAST = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 1_000;
    private static final Duration TAKEN_KEPT = Duration.ofDays(90);

    private static final Duration PRUNE_EVERY = Duration.ofHours(1);

    private final Store store;
    private final AuditLog audit;
    private final ParleyConfig.Bridge config;
    private final Publisher publisher;
    private final Taker taker;
    private final Streams streams;
    private final Semaphore news = new Semaphore(0);
    private final AtomicReference<Exception> takerFailure = new AtomicReference<>();
    /** Why there is no connection: what the library throws says only that there is none. */
    private final AtomicReference<Exception> attempt = new AtomicReference<>();

    private volatile boolean connected;
    private volatile boolean stopping;
    private Thread thread;

    Bridge(
            Store store,
            AuditLog audit,
            ParleyConfig config,
            History history,
            Messages messages,
            KnownPeers peers,
            Groups groups) {
        this.store = store;
        this.audit = audit;
        this.config = config.bridge();
        String prefix = this.config.prefix();
        this.publisher = new Publisher(store, history, peers, audit, prefix);
        this.taker = new Taker(store, messages, peers, groups, audit, prefix);
        this.streams = new Streams(prefix, this.config.createStreams());
    }

    /** Once the store is open and before peers connect. Does not wait for the broker. */
    public void start() {
        if (!config.enabled()) {
            Store.await(store.database().write(BridgeTable::forget));
            return;
        }
        Store.await(store.database().write(BridgeTable::cursor));
        prune();
        LOG.warnf(
                "messages leave the protection of Parley at the bridge: they are published to %s under %s, readable there",
                config.url(), config.prefix());
        thread = Thread.ofPlatform().name("bridge").daemon().start(this::run);
    }

    /** Before the store closes. Gives what is under way {@code GRACE}; the rest goes on at the next start. */
    public void stop() {
        stopping = true;
        if (thread == null) {
            return;
        }
        news.release();
        try {
            if (!thread.join(GRACE)) {
                thread.interrupt();
                thread.join(LAST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets the ids of what was taken long ago. */
    private void prune() {
        Store.await(
                store.database().write(tx -> BridgeTable.prune(tx, Instant.now().minus(TAKEN_KEPT))));
    }

    @Override
    public void received(IncomingMessage message) {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    /** Whether it has a connection, and found its streams there. */
    public boolean isConnected() {
        return connected;
    }

    /** Messages that came and are not published yet; asks the store, which has to be open. */
    public CompletionStage<Long> lag() {
        return store.database().read(BridgeTable::lag);
    }

    /** Messages that JetStream has acknowledged, since the start. */
    public long published() {
        return publisher.published.get();
    }

    /** Messages of the broker that were taken into the outbox, since the start. */
    public long taken() {
        return taker.taken.get();
    }

    /** Messages of the broker that cannot be sent, since the start. */
    public long rejected() {
        return taker.rejected.get();
    }

    @SuppressWarnings("try") // Closing a connection may be interrupted; that ends this thread, as it should.
    private void run() {
        Duration pause = PAUSE;
        String told = "";
        while (!stopping) {
            attempt.set(null);
            try (Connection connection = Nats.connect(options())) {
                streams.check(connection);
                LOG.infof("the bridge is connected to %s", config.url());
                audit.record(new BridgeEvent.BridgeConnected(
                        config.url(), config.prefix(), config.url().startsWith("tls:")));
                connected = true;
                told = "";
                pause = PAUSE;
                serve(connection);
            } catch (InterruptedException stopped) {
                return;
            } catch (Exception e) {
                Exception under = attempt.get();
                String reason = reason(e) + (under == null || connected ? "" : ": " + reason(under));
                // Again only when it is another: what is wrong next would never be told.
                if (!stopping && !reason.equals(told)) {
                    told = reason;
                    LOG.errorf("the bridge to %s does not work, and tries again: %s", config.url(), reason);
                    audit.record(new BridgeEvent.BridgeLost(config.url(), reason));
                }
            } finally {
                connected = false;
            }
            pause = rest(pause);
        }
    }

    /** Between half of it and all of it, so that many nodes do not come back at once. @return the next pause */
    private Duration rest(Duration pause) {
        long millis = pause.toMillis();
        long until = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(
                        millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
        try {
            while (!stopping && System.nanoTime() < until) {
                news.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void serve(Connection connection) throws Exception {
        takerFailure.set(null);
        JetStream stream = connection.jetStream(JetStreamOptions.builder()
                .requestTimeout(Duration.ofSeconds(10))
                .build());
        JetStreamSubscription out = streams.subscribe(connection);
        long pruned = System.nanoTime();
        Thread taking = Thread.ofPlatform().name("bridge-taker").daemon().start(() -> take(out, stream));
        try {
            while (!stopping) {
                if (takerFailure.get() != null) {
                    throw takerFailure.get();
                }
                if (connection.getStatus() != Connection.Status.CONNECTED) {
                    throw new IOException("the connection was lost");
                }
                if (System.nanoTime() - pruned > PRUNE_EVERY.toNanos()) {
                    pruned = System.nanoTime();
                    prune();
                }
                news.drainPermits();
                if (!publisher.publishSome(connection, stream)) {
                    boolean ignored = news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } finally {
            taking.interrupt();
            taking.join(GRACE);
        }
    }

    private void take(JetStreamSubscription out, JetStream stream) {
        try {
            while (!stopping && !Thread.currentThread().isInterrupted()) {
                taker.takeSome(out, stream);
            }
        } catch (InterruptedException stopped) {
            // As asked.
        } catch (IOException | RuntimeException e) {
            takerFailure.set(e);
            news.release();
        }
    }

    private Options options() throws IOException, GeneralSecurityException {
        // One that was lost is made anew from here, streams and all: the library's own ways to reconnect are not used.
        // Servers that the server names are not asked: they were never checked.
        Options.Builder options = new Options.Builder()
                .server(config.url())
                .connectionName("parley")
                .noReconnect()
                .ignoreDiscoveredServers()
                // Else the name in a certificate would be compared with an address.
                .noResolveHostnames()
                .connectionTimeout(Duration.ofSeconds(5))
                .pingInterval(Duration.ofSeconds(10))
                .errorListener(new ErrorListener() {
                    @Override
                    public void exceptionOccurred(Connection connection, Exception e) {
                        attempt.set(e);
                    }
                });
        if (config.url().startsWith("tls:")) {
            options.sslContext(Tls.context(config.trustFile()));
        }
        config.credentialsFile().ifPresent(file -> options.authHandler(Nats.credentials(file.toString())));
        if (config.tokenFile().isPresent()) {
            options.token(token(config.tokenFile().get()));
        }
        return options.build();
    }

    private static char[] token(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new IOException("parley.bridge.token-file is empty"))
                    .toCharArray();
        }
    }

    /** What is wrong, without what a library may have put into it of a secret: these come from the server or the system. */
    private static String reason(Throwable e) {
        Throwable cause = e.getCause() != null && e instanceof ExecutionException ? e.getCause() : e;
        return cause instanceof JetStreamApiException api
                ? "JetStream: " + api.getErrorDescription()
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
