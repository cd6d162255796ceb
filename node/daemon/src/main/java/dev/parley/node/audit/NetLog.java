package dev.parley.node.audit;

import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Writes events to {@code net.log}, one line each, on a thread of its own: forming and writing lines never costs an
 * event loop anything. Events wait in a queue bounded in number and bytes. When it is full {@link #record} blocks
 * until there is room: a node that cannot write its log slows down rather than go on unseen. After
 * {@link #PATIENCE} the event is given up, and the log says how many were lost as soon as it can be written again.
 *
 * <p>The lines are chained from the first on, and sealed once {@link #seal} has brought the identity key.
 */
public final class NetLog implements AuditLog, AutoCloseable {
    /** The longest that {@link #record} blocks. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(NetLog.class);
    private static final int BATCH = 512;

    private final int maxEvents;
    private final long maxBytes;
    private final Clock clock;
    private final LogWriter file;
    private final List<Consumer<Recorded>> subscribers = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<Boolean, String>> watchers = new CopyOnWriteArrayList<>();
    private final Thread writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::writeAll);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long lost;
    private boolean closed;
    private Seals brought;

    private volatile boolean failing;
    private volatile String problem;
    private volatile String chainProblem;
    private Instant failingSince;
    private String onFailure = "";

    /**
     * An event that has been written.
     *
     * @param seq number of the line, counting from 1 over all files
     * @param time when it was recorded
     * @param event the event
     */
    public record Recorded(long seq, Instant time, AuditEvent event) {}

    /**
     * What the log has come to.
     *
     * @param seq number of its last line; 0 if there is none
     * @param hash SHA-256 over that line; not copied, do not modify
     */
    public record Head(long seq, byte[] hash) {}

    /**
     * How {@code net.log} is kept.
     *
     * @param rotateBytes size at which the file is rotated; only once the log is sealed
     * @param rotateKeep rotated files kept, at least 1
     * @param maxEvents events that may wait to be written
     * @param maxBytes about how many bytes these may hold
     */
    public record Settings(long rotateBytes, int rotateKeep, int maxEvents, long maxBytes) {}

    record Entry(Instant time, AuditEvent event, CompletableFuture<Void> written) {}

    private NetLog(LogWriter file, Settings settings, Clock clock) {
        this.file = file;
        this.maxEvents = settings.maxEvents();
        this.maxBytes = settings.maxBytes();
        this.clock = clock;
    }

    /**
     * Opens the file, made with mode 0600 if it is missing, and goes on with the numbers and the chain of its last line.
     *
     * @throws IOException if it cannot be written
     */
    public static NetLog open(Path path, Settings settings, Clock clock) throws IOException {
        var log = new NetLog(
                new LogWriter(NetLogFile.open(path, settings.rotateBytes(), settings.rotateKeep()), clock),
                settings,
                clock);
        log.writer.start();
        return log;
    }

    /** As {@link #seal(IdentityKey, Optional, Path)}, by a node that keeps its identity. */
    public CompletionStage<Void> seal(IdentityKey identity, Path keys) throws IOException {
        return seal(identity, Optional.empty(), keys);
    }

    /**
     * Has the lines sealed from now on, those written before among them. To be called once.
     *
     * @param identity signs the first checkpoint, and the first of each file
     * @param before the identity until now, which hands over to that one in the log; empty if there was no other
     * @param keys the file of the next checkpoints' keys
     * @return completes when the first checkpoint is written, the one that hands over among them, and is on the disk
     * @throws IOException if the keys cannot be read or written
     */
    public CompletionStage<Void> seal(IdentityKey identity, Optional<IdentityKey> before, Path keys)
            throws IOException {
        var seals = Seals.open(keys, identity, before, file.tail());
        if (seals.problem() != null) {
            chainProblem = seals.problem();
            LOG.errorf("the chain of net.log is broken: %s", seals.problem());
            record(new LogEvent.LogChainBroken(seals.problem()));
        }
        lock.lock();
        try {
            brought = seals;
            work.signal();
        } finally {
            lock.unlock();
        }
        return seals.started();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Do not call it with a lock held that a subscriber may want. What hangs on the returned stage runs on the
     * audit thread: hop to your own.
     */
    @Override
    public CompletionStage<Void> record(AuditEvent event) {
        var written = new CompletableFuture<Void>();
        lock.lock();
        try {
            if (!awaitRoom()) {
                lost++;
                written.completeExceptionally(new IllegalStateException("net.log cannot be written fast enough"));
                return written;
            }
            if (closed) {
                written.completeExceptionally(new IllegalStateException("net.log is closed"));
                return written;
            }
            // The time is taken under the lock: lines are in the order of their times.
            queue.add(new Entry(clock.instant(), event, written));
            queuedBytes += event.weight();
            work.signal();
            return written;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has every event from now on handed over, on the audit thread, after its line was written. A subscriber that
     * throws is told nothing more.
     */
    public void subscribe(Consumer<Recorded> subscriber) {
        subscribers.add(subscriber);
    }

    /** Ends what {@link #subscribe} began. */
    public void unsubscribe(Consumer<Recorded> subscriber) {
        subscribers.remove(subscriber);
    }

    /**
     * Has it told, on the audit thread, when the log cannot be written any more (false, and why) and when it can again (true).
     *
     * @param policy what is done about it, as the log is to tell
     */
    public void watch(String policy, BiConsumer<Boolean, String> watcher) {
        lock.lock();
        onFailure = policy;
        lock.unlock();
        watchers.add(watcher);
    }

    /** Whether the last attempt to write succeeded. */
    public boolean isWritable() {
        return !failing;
    }

    /** Whether the log went on where it was sealed last. */
    public boolean isChainWhole() {
        return chainProblem == null;
    }

    /** What the operator has to know, in words: that the log cannot be written, that its chain is broken. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        var unwritable = problem;
        if (failing && unwritable != null) {
            warnings.add("net.log cannot be written: " + unwritable);
        }
        if (chainProblem != null) {
            warnings.add("the chain of net.log is broken: " + chainProblem);
        }
        return warnings;
    }

    /** What the log has come to. */
    public Head head() {
        return file.head();
    }

    /** Writes what waits, seals it, then closes the file. Later events are refused. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }

    /** False if there was none in time. */
    private boolean awaitRoom() {
        long nanos = PATIENCE.toNanos();
        // The writer itself (through a subscriber) must not wait for the writer.
        while (isFull() && !closed && Thread.currentThread() != writer) {
            if (nanos <= 0) {
                return false;
            }
            try {
                nanos = room.awaitNanos(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private boolean isFull() {
        return queue.size() >= maxEvents || queuedBytes >= maxBytes;
    }

    private void writeAll() {
        var batch = new ArrayList<Entry>(BATCH);
        for (Turn turn = take(batch); turn != null; turn = take(batch)) {
            write(batch, turn);
            batch.clear();
        }
        try {
            file.stop(clock.instant());
        } catch (IOException e) {
            LOG.errorf("the end of net.log could not be sealed: %s", e.getMessage());
        }
    }

    /**
     * What else there is to do.
     *
     * @param idleAt the present time if nothing more waits, else null: a line with it would come before lines of earlier times
     * @param seals that were brought; null if none were
     */
    private record Turn(Instant idleAt, Seals seals) {}

    /** Null when closed and all is written. */
    private Turn take(List<Entry> batch) {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed && brought == null) {
                // Woken also to report events that were lost while nothing new comes, and to seal what came.
                if (work.awaitNanos(TimeUnit.SECONDS.toNanos(1)) <= 0 && (lost > 0 || failing || file.isSealDue())) {
                    break;
                }
            }
            if (closed && queue.isEmpty() && (failing || lost == 0 && brought == null)) {
                return null;
            }
            var now = clock.instant();
            if (failing) {
                batch.add(own(now, new LogEvent.AuditResumed(onFailure, problem, failingSince)));
            }
            if (lost > 0) {
                batch.add(own(now, new NodeEvent.AuditLost(lost)));
                lost = 0;
            }
            for (Entry next; batch.size() < BATCH && (next = queue.poll()) != null; ) {
                batch.add(next);
                queuedBytes -= next.event().weight();
            }
            room.signalAll();
            var turn = new Turn(queue.isEmpty() ? now : null, brought);
            brought = null;
            return turn;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the audit thread", e);
        } finally {
            lock.unlock();
        }
    }

    private static Entry own(Instant now, AuditEvent event) {
        return new Entry(now, event, new CompletableFuture<>());
    }

    private void write(List<Entry> batch, Turn turn) {
        IOException failure = null;
        try {
            file.write(batch, turn.idleAt(), turn.seals(), this::done);
        } catch (IOException e) {
            failure = e;
        }
        report(failure, batch);
    }

    private void done(Recorded recorded, CompletableFuture<Void> written) {
        if (written != null) {
            written.complete(null);
        }
        tell(recorded);
    }

    private void report(IOException failure, List<Entry> batch) {
        boolean wasFailing = failing;
        failing = failure != null;
        if (failure != null) {
            problem = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            if (!wasFailing) {
                failingSince = clock.instant();
                LOG.errorf("net.log cannot be written: %s", problem);
            }
            lose(batch, failure);
        } else if (wasFailing) {
            LOG.info("net.log can be written again");
        }
        if (failing != wasFailing) {
            watchers.forEach(watcher -> tell(watcher, failure == null));
        }
    }

    private void tell(BiConsumer<Boolean, String> watcher, boolean writable) {
        try {
            watcher.accept(writable, writable ? null : problem);
        } catch (RuntimeException e) {
            LOG.error("not everybody could be told whether net.log can be written", e);
        }
    }

    private void lose(List<Entry> batch, IOException failure) {
        long events = 0;
        for (Entry entry : batch) {
            if (!entry.written().isDone()) {
                events += switch (entry.event()) {
                    case NodeEvent.AuditLost before -> before.events();
                    case LogEvent.AuditResumed vain -> 0;
                    default -> 1;
                };
                entry.written().completeExceptionally(failure);
            }
        }
        lock.lock();
        lost += events;
        lock.unlock();
    }

    private void tell(Recorded recorded) {
        for (var subscriber : subscribers) {
            try {
                subscriber.accept(recorded);
            } catch (RuntimeException e) {
                // It would fail again and again, and flood the log.
                subscribers.remove(subscriber);
                LOG.error("a subscriber of the audit log failed and is told nothing more", e);
            }
        }
    }
}
