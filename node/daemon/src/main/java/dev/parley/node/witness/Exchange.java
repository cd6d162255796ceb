package dev.parley.node.witness;

import dev.parley.evidence.SignedHead;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.WitnessEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import io.quarkus.arc.Unremovable;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Heads and receipts over sessions (PSP/1 section 7). Each session's part is confined to its event loop; what takes time is done
 * one after the other on a thread of its own.
 */
@ApplicationScoped
@Unremovable
public class Exchange implements SessionObserver {
    private static final Logger LOG = Logger.getLogger(Exchange.class);
    /** Part of what {@link dev.parley.node.config.ShutdownPlan} leaves for writing. */
    private static final Duration LAST_WORK = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Half a minute of heads at the pace that section 7 asks for, and then that pace. */
    private static final int HEADS_AT_ONCE = 5;

    private static final int HEADS_EVERY = 10_000;
    private static final int QUERIES_EVERY = 10_000;
    private static final int RECEIPTS_AT_ONCE = 20;
    private static final int RECEIPTS_EVERY = 1_000;

    private final Vertx vertx;
    private final SessionRegistry sessions;
    private final OwnLog log;
    private final Witnesses witnesses;
    private final Receipts receipts;
    private final AuditLog audit;
    private final List<WitnessListener> listeners;
    private final long every;
    private final Map<Session, Part> parts = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("witness").factory());
    /** Who was told what this process found. A peer more than are known is one more id. */
    private final Set<PeerId> greeted = ConcurrentHashMap.newKeySet();

    private volatile long told;
    private long timer = -1;

    /** What one session has of this. */
    private static final class Part {
        final Answers answers = new Answers();
        final Ration heads = new Ration(HEADS_AT_ONCE, HEADS_EVERY, Ticks.now());
        final Ration queries = new Ration(1, QUERIES_EVERY, Ticks.now());
        final Ration receipts = new Ration(RECEIPTS_AT_ONCE, RECEIPTS_EVERY, Ticks.now());
        /** The peer has sent a WITNESS: it knows of all this. */
        volatile boolean knows;
    }

    Exchange(
            Vertx vertx,
            SessionRegistry sessions,
            OwnLog log,
            Witnesses witnesses,
            Receipts receipts,
            AuditLog audit,
            ParleyConfig config,
            @All List<WitnessListener> listeners) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.log = log;
        this.witnesses = witnesses;
        this.receipts = receipts;
        this.audit = audit;
        this.listeners = listeners;
        this.every = config.audit().witnessEvery().toMillis();
    }

    /** From now on peers are told what the log has come to. */
    public void start() {
        timer = vertx.setPeriodic(every, ignored -> onWorker(this::tellNews));
    }

    /** Ends it; what is under way is given a moment. */
    public void stop() {
        vertx.cancelTimer(timer);
        worker.shutdown();
        try {
            worker.awaitTermination(LAST_WORK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @PreDestroy
    void drop() {
        worker.shutdownNow();
    }

    /** Whether there is a session with a peer that can be asked. */
    public boolean canAsk(PeerId peer) {
        return part(peer).isPresent();
    }

    /**
     * Asks a peer which heads of this node's log it holds.
     *
     * @return completes with those that this node has signed; exceptionally with {@link NoAnswer}
     */
    public CompletableFuture<List<SignedHead>> heldBy(PeerId peer) {
        var done = new CompletableFuture<List<Record.Head>>();
        ask(peer, done, part -> Optional.of(part.answers.heads(done)));
        return done.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(why(failure)))
                .thenApplyAsync(this::own, worker);
    }

    /** Asks a peer to sign that a message came. @return completes with its answer; exceptionally with {@link NoAnswer} */
    CompletableFuture<Record.Receipt> receipt(PeerId peer, UUID message) {
        var done = new CompletableFuture<Record.Receipt>();
        ask(peer, done, part -> part.answers.receipt(message, done).map(Record.class::cast));
        return done.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(why(failure)));
    }

    /** Tells a peer what the log has come to, now. @return what it was told; empty if it cannot be told */
    Optional<SignedHead> tell(PeerId peer) throws IOException {
        Optional<SignedHead> head = log.head();
        Optional<Session> session = sessions.preferred(peer).filter(each -> {
            Part part = parts.get(each);
            return part != null && part.knows;
        });
        if (head.isEmpty() || session.isEmpty()) {
            return Optional.empty();
        }
        send(session.get(), witness(head.get()));
        return head;
    }

    @Override
    public void sessionUp(Session session) {
        parts.put(session, new Part());
        // The only one that goes to a peer of which nothing is known yet.
        boolean first = greeted.add(session.peerId());
        onWorker(() -> {
            Optional<SignedHead> head = first ? log.found().or(this::present) : log.head();
            head.ifPresent(each -> send(session, witness(each)));
        });
    }

    @Override
    public void sessionEnded(Session session, Ending ending) {
        Part part = parts.remove(session);
        if (part != null) {
            part.answers.ended(new NoAnswer("the session ended before the peer answered", false));
        }
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        Part part = parts.get(session);
        if (part == null) {
            return;
        }
        switch (record) {
            case Record.Witness witness -> {
                part.knows = true;
                if (part.heads.take(Ticks.now())) {
                    SignedHead head = signed(session.peerId(), witness.head());
                    onWorker(() -> witnessed(session, head));
                }
            }
            case Record.WitnessQuery query -> {
                if (part.knows && part.queries.take(Ticks.now())) {
                    onWorker(() -> answer(session, query));
                }
            }
            case Record.WitnessHeld held -> part.answers.came(held);
            case Record.ReceiptQuery query -> {
                if (!part.knows) {
                    return;
                }
                if (part.receipts.take(Ticks.now())) {
                    onWorker(() -> send(session, receipts.make(session, query.id())));
                } else {
                    session.send(Record.Receipt.none(query.id(), Record.ReceiptStatus.NOT_NOW));
                }
            }
            case Record.Receipt receipt -> part.answers.came(receipt);
            default -> {}
        }
    }

    private Optional<SignedHead> present() {
        try {
            return log.head();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tellNews() throws IOException {
        long news = log.news();
        if (news <= told) {
            return;
        }
        told = news;
        Optional<SignedHead> head = log.head();
        if (head.isPresent()) {
            Record.Witness record = witness(head.get());
            parts.forEach((session, part) -> {
                if (part.knows) {
                    send(session, record);
                }
            });
        }
    }

    private void witnessed(Session session, SignedHead head) {
        if (!head.signedBy(session.facts().peer().publicKey())) {
            conflict(session, head, "the signature is not by the peer's key", null);
            return;
        }
        // Waited for, so that a receipt that is asked for next vouches for this one.
        witnesses
                .keep(head, Instant.now())
                .join()
                .ifPresent(found -> conflict(session, head, found.problem(), found.held()));
    }

    private void conflict(Session session, SignedHead head, String problem, SignedHead held) {
        audit.record(new WitnessEvent.WitnessConflict(
                session.id(),
                session.peerId().toString(),
                problem,
                head.seq(),
                base64(head.hash()),
                held == null ? 0 : held.seq(),
                held == null ? null : base64(held.hash())));
        String detail = "the log of peer " + session.peerId() + " contradicts what the peer has signed before: "
                + problem + " (line " + head.seq()
                + (held == null ? "" : ", and before it was line " + held.seq() + " of " + held.time()) + ")";
        listeners.forEach(each -> each.conflict(session.peerId(), detail));
    }

    private void answer(Session session, Record.WitnessQuery query) {
        witnesses.of(session.peerId()).thenAccept(held -> {
            audit.record(
                    new WitnessEvent.WitnessAsked(session.id(), session.peerId().toString(), held.size()));
            List<Record.Head> heads =
                    held.stream().map(each -> record(each.head())).toList();
            int from = 0;
            do {
                int to = Math.min(heads.size(), from + Limits.HEADS);
                send(session, new Record.WitnessHeld(query.token(), to < heads.size(), heads.subList(from, to)));
                from = to;
            } while (from < heads.size());
        });
    }

    private List<SignedHead> own(List<Record.Head> heads) {
        List<SignedHead> own = new ArrayList<>();
        for (Record.Head each : heads) {
            SignedHead head = signed(log.key().peerId(), each);
            if (head.signedBy(log.key().publicKey())) {
                own.add(head);
            }
        }
        return own;
    }

    /** What to send; empty: it was sent already. */
    private interface Question {
        Optional<Record> of(Part part);
    }

    private void ask(PeerId peer, CompletableFuture<?> done, Question question) {
        Optional<Map.Entry<Session, Part>> found = part(peer);
        if (found.isEmpty()) {
            done.completeExceptionally(new NoAnswer(
                    sessions.preferred(peer).isEmpty()
                            ? "there is no session with the peer"
                            : "the peer knows nothing of witnesses: its version is older",
                    false));
            return;
        }
        Session session = found.get().getKey();
        Part part = found.get().getValue();
        session.execute(() -> {
            part.answers.forgetDone();
            if (!parts.containsKey(session)
                    || !question.of(part).map(session::send).orElse(true)) {
                done.completeExceptionally(new NoAnswer("the session takes nothing now", false));
            }
        });
    }

    private Optional<Map.Entry<Session, Part>> part(PeerId peer) {
        return sessions.preferred(peer)
                .flatMap(session -> Optional.ofNullable(parts.get(session))
                        .filter(part -> part.knows)
                        .map(part -> Map.entry(session, part)));
    }

    private static void send(Session session, Record record) {
        session.execute(() -> session.send(record));
    }

    private interface Task {
        void run() throws IOException;
    }

    private void onWorker(Task task) {
        try {
            worker.execute(() -> {
                try {
                    task.run();
                } catch (IOException | RuntimeException e) {
                    LOG.warnf("witnessing: %s", e.getMessage());
                }
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the node stops", stopped);
        }
    }

    private static Throwable why(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof NoAnswer ? cause : new NoAnswer("the peer did not answer in time", true);
    }

    private static Record.Witness witness(SignedHead head) {
        return new Record.Witness(record(head));
    }

    private static Record.Head record(SignedHead head) {
        return new Record.Head(head.seq(), head.hash(), head.time(), head.signature());
    }

    private static SignedHead signed(PeerId peer, Record.Head head) {
        return new SignedHead(peer, head.seq(), head.hash(), head.time(), head.signature());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
