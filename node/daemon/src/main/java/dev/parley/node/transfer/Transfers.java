package dev.parley.node.transfer;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.store.Store;
import dev.parley.node.transfer.TransferException.Reason;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Files, sent and received: what the rest of the node sees of them. Calls of the operator may wait for the disk, so they belong
 * on worker threads; what sessions tell is handed on to their {@link SessionFiles}.
 */
@ApplicationScoped
public class Transfers implements SessionObserver, PeerListener {
    private static final String DIRECTORY = "spool";
    private static final Duration TIDY_EVERY = Duration.ofHours(1);
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);
    private static final Comparator<Transfer> NEWEST_FIRST = Comparator.comparing(Transfer::createdAt)
            .thenComparing(each -> each.id().toString())
            .reversed();

    private final ParleyConfig config;
    private final Store store;
    private final SessionRegistry sessions;
    private final AuditLog audit;
    private final List<TransferListener> listeners;
    private final KnownPeers peers;
    private final Map<Session, SessionFiles> files = new ConcurrentHashMap<>();

    private volatile Shared shared;
    private Offers offers;
    private Uploads uploads;
    private ScheduledExecutorService pool;

    Transfers(
            ParleyConfig config,
            Store store,
            SessionRegistry sessions,
            AuditLog audit,
            @All List<TransferListener> listeners,
            KnownPeers peers) {
        this.config = config;
        this.store = store;
        this.sessions = sessions;
        this.audit = audit;
        this.listeners = listeners;
        this.peers = peers;
    }

    /** Takes up what had not ended; once, when the store is open and before the first session. Blocks. */
    public void start() throws IOException {
        TransferTable table = new TransferTable(store.database(), store.vault());
        List<Transfer> unfinished = Store.await(table.unfinished());
        Set<TransferKey> known = new HashSet<>(Store.await(table.kept()));
        unfinished.forEach(each -> known.add(each.key()));
        Spool spool = Spool.open(store.directory().resolve(DIRECTORY), store.vault(), known);
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
        pool = Executors.newScheduledThreadPool(
                threads, Thread.ofPlatform().daemon().name("transfer-", 0).factory());
        Shared all = new Shared(
                pool,
                table,
                spool,
                new FilePolicy(config, store, peers, spool::bytes),
                new LiveTransfers(this::offer),
                peer -> sessions.preferred(peer).isPresent(),
                audit,
                listeners);
        offers = new Offers(all);
        uploads = new Uploads(all);
        shared = all;
        unfinished.forEach(this::takeUp);
        Retention retention = new Retention(all, config.files().keep());
        pool.scheduleWithFixedDelay(retention::tidy, 0, TIDY_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Writes what is on its way to the disk; once the sessions are closed. */
    public void stop() {
        if (shared == null) {
            return;
        }
        pool.shutdown();
        try {
            pool.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes a file for a peer. Blocks as long as it comes.
     *
     * @param name made harmless here
     * @param mediaType printable ASCII of at most 255 bytes
     * @param declared its length, where that is known
     * @return once it is durable
     * @throws IOException if it does not come to its end: nothing of it is kept
     * @throws TransferException TOO_LARGE, QUOTA, FULL, BUSY, or STATE if it was cancelled meanwhile
     */
    public Transfer send(PeerId peer, String name, String mediaType, OptionalLong declared, InputStream content)
            throws IOException {
        return uploads.take(peer, name, mediaType, declared, content).now();
    }

    /** The newest {@code limit}, newest first. */
    public List<Transfer> list(Optional<PeerId> peer, Optional<TransferState> state, int limit) {
        List<Transfer> all = new ArrayList<>(Store.await(shared.table().ended(peer, state, limit)));
        Set<TransferKey> ended = new HashSet<>();
        all.forEach(each -> ended.add(each.key()));
        // One that ends at this moment is in both: what the store says is what it has become.
        Stream.concat(uploads.all().stream(), shared.live().all().stream().map(LiveTransfer::now))
                .filter(each -> !ended.contains(each.key()))
                .filter(each -> peer.isEmpty() || peer.get().equals(each.peer()))
                .filter(each -> state.isEmpty() || state.get() == each.state())
                .forEach(all::add);
        return all.stream().sorted(NEWEST_FIRST).limit(limit).toList();
    }

    public Optional<Transfer> get(UUID id) {
        return uploads.find(id)
                .or(() -> shared.live().find(id).map(LiveTransfer::now))
                .or(() -> Store.await(shared.table().find(id)));
    }

    /** Takes an offered file. @throws TransferException NOT_FOUND or STATE */
    public Transfer accept(UUID id) {
        Incoming incoming = offered(id);
        Store.await(incoming.accept());
        return incoming.now();
    }

    /** Refuses an offered file. @throws TransferException NOT_FOUND or STATE */
    public Transfer decline(UUID id) {
        Incoming incoming = offered(id);
        Store.await(incoming.decline());
        return incoming.now();
    }

    /**
     * Cancels a transfer, or removes one that has ended together with its content.
     *
     * @return the cancelled one; empty if it was removed
     * @throws TransferException NOT_FOUND
     */
    public Optional<Transfer> cancelOrRemove(UUID id) {
        Optional<Transfer> spooling = uploads.cancel(id);
        if (spooling.isPresent()) {
            return spooling;
        }
        Optional<LiveTransfer> live = shared.live().find(id);
        if (live.isPresent() && Store.await(live.get().cancel("cancelled by the operator"))) {
            return live.map(LiveTransfer::now);
        }
        Transfer ended = Store.await(shared.table().find(id)).orElseThrow(Transfers::notFound);
        Store.await(shared.table().delete(ended.key()));
        shared.spool().remove(ended.key());
        return Optional.empty();
    }

    /** The content of a file that has come. @throws TransferException NOT_FOUND, or STATE unless it is incoming and complete */
    public Content content(UUID id) {
        Transfer transfer = get(id).orElseThrow(Transfers::notFound);
        if (transfer.outgoing() || transfer.state() != TransferState.COMPLETE) {
            throw new TransferException(Reason.STATE, "only a file that has come, and is complete, can be fetched");
        }
        if (!shared.spool().has(transfer.key(), transfer.size())) {
            throw new TransferException(Reason.STATE, "its content is not in the spool any more");
        }
        return new Content(shared.spool(), transfer);
    }

    /** What the contents of all files take on the disk. */
    public long spoolBytes() {
        return shared == null ? 0 : shared.spool().bytes();
    }

    /** Those that have not ended, newest first; none where the node has not started. */
    public List<Transfer> unfinished() {
        if (shared == null) {
            return List.of();
        }
        return Stream.concat(
                        uploads.all().stream(), shared.live().all().stream().map(LiveTransfer::now))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /** How many have not ended. */
    public int open() {
        return shared == null ? 0 : shared.live().all().size() + uploads.all().size();
    }

    /** How many are in a state now that is not final. */
    public long count(boolean outgoing, TransferState state) {
        if (shared == null) {
            return 0;
        }
        return Stream.concat(
                        uploads.all().stream(), shared.live().all().stream().map(LiveTransfer::now))
                .filter(each -> each.outgoing() == outgoing && each.state() == state)
                .count();
    }

    @Override
    public void sessionUp(Session session) {
        if (shared != null) {
            SessionFiles ofSession = new SessionFiles(session, shared, offers);
            files.put(session, ofSession);
            ofSession.fill();
        }
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        SessionFiles ofSession = files.get(session);
        boolean wanted = !(record instanceof Record.FileOffer) || mayOffer(session);
        if (ofSession != null && wanted) {
            ofSession.received(record);
        }
    }

    @Override
    public void writable(Session session) {
        SessionFiles ofSession = files.get(session);
        if (ofSession != null) {
            ofSession.writable();
        }
    }

    @Override
    public CompletionStage<Void> windUp(Session session) {
        SessionFiles ofSession = files.get(session);
        if (ofSession != null) {
            ofSession.windUp();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        SessionFiles ofSession = files.remove(session);
        if (ofSession != null) {
            ofSession.cut();
            // What it could not offer any more may wait for no other sign: another session can have been up before.
            offer(session.peerId());
        }
    }

    @Override
    public void blocked(KnownPeer peer) {
        cancelAll(peer.id(), "the peer was blocked");
    }

    @Override
    public void succeeded(KnownPeer old, KnownPeer next) {
        // Names and contents are sealed to the key that they were for.
        cancelAll(old.id(), "the peer has another key now: send the file again");
    }

    @Override
    public void forgotten(KnownPeer peer) {
        cancelAll(peer.id(), "the peer was forgotten");
    }

    private void cancelAll(PeerId peer, String reason) {
        if (shared != null) {
            uploads.cancelAll(peer);
            shared.live().of(peer).forEach(each -> each.cancel(reason));
        }
    }

    private boolean mayOffer(Session session) {
        return session.state() == Session.State.UP && peers.isTrusted(session.peerId());
    }

    /** Something waits for a peer: the session with it, if there is one, offers it. */
    private void offer(PeerId peer) {
        sessions.preferred(peer)
                .ifPresent(session -> session.execute(() -> {
                    SessionFiles ofSession = files.get(session);
                    if (ofSession != null) {
                        ofSession.fill();
                    }
                }));
    }

    private void takeUp(Transfer stored) {
        boolean accepted = stored.state() != TransferState.OFFERED;
        Transfer waiting = accepted ? stored.in(TransferState.WAITING, Optional.empty(), Optional.empty()) : stored;
        if (!stored.outgoing()) {
            shared.live().add(new Incoming(shared, waiting, accepted));
            return;
        }
        Outgoing outgoing = new Outgoing(shared, waiting.at(0, OptionalLong.empty()));
        shared.live().add(outgoing);
        if (shared.spool().has(stored.key(), stored.size())) {
            shared.live().enqueue(outgoing);
        } else {
            outgoing.lane.execute(() -> outgoing.end(TransferState.FAILED, "its content is not in the spool any more"));
        }
    }

    private Incoming offered(UUID id) {
        Optional<LiveTransfer> live = shared.live().find(id);
        if (live.isPresent() && live.get() instanceof Incoming incoming) {
            return incoming;
        }
        throw get(id).map(each -> new TransferException(Reason.STATE, "the file is not one that a peer offers"))
                .orElseGet(Transfers::notFound);
    }

    private static TransferException notFound() {
        return new TransferException(Reason.NOT_FOUND, "there is no transfer with this id, or it is forgotten");
    }
}
