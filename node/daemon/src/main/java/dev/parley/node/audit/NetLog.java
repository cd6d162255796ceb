package dev.parley.node.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Writes events to {@code net.log}, one line each, on a thread of its own: forming and writing lines never costs an
 * event loop anything. Events wait in a queue bounded in number and bytes. When it is full {@link #record} blocks
 * until there is room: a node that cannot write its log slows down rather than go on unseen. After
 * {@link #PATIENCE} the event is given up, and the log says how many were lost as soon as it can be written again.
 */
public final class NetLog implements AuditLog, AutoCloseable {
    /** The longest that {@link #record} blocks. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(NetLog.class);
    private static final int BATCH = 512;

    private final int maxEvents;
    private final long maxBytes;
    private final Clock clock;
    private final NetLogFile file;
    private final LineFormer former = new LineFormer();
    private final List<Consumer<Recorded>> subscribers = new CopyOnWriteArrayList<>();
    private final Thread writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::writeAll);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long lost;
    private boolean closed;

    private long seq;
    private volatile boolean failing;

    /**
     * An event that has been written.
     *
     * @param seq number of the line, counting from 1 over all files
     * @param time when it was recorded
     * @param event the event
     * @param line the JSON object, without a line end
     */
    public record Recorded(long seq, Instant time, AuditEvent event, String line) {}

    /**
     * What the log has come to.
     *
     * @param seq number of its last line; 0 if there is none
     * @param hash SHA-256 over that line; not copied, do not modify
     */
    public record Head(long seq, byte[] hash) {}

    private record Entry(Instant time, AuditEvent event, CompletableFuture<Void> written) {}

    /**
     * How {@code net.log} is kept.
     *
     * @param rotateBytes size at which the file is rotated
     * @param rotateKeep rotated files kept, at least 1
     * @param maxEvents events that may wait to be written
     * @param maxBytes about how many bytes these may hold
     */
    public record Settings(long rotateBytes, int rotateKeep, int maxEvents, long maxBytes) {}

    private NetLog(NetLogFile file, Settings settings, Clock clock) {
        this.file = file;
        this.seq = file.lastSeq();
        this.maxEvents = settings.maxEvents();
        this.maxBytes = settings.maxBytes();
        this.clock = clock;
    }

    /**
     * Opens the file, made with mode 0600 if it is missing, and goes on with the numbers of its last line.
     *
     * @throws IOException if it cannot be written
     */
    public static NetLog open(Path path, Settings settings, Clock clock) throws IOException {
        var log = new NetLog(NetLogFile.open(path, settings.rotateBytes(), settings.rotateKeep()), settings, clock);
        log.writer.start();
        return log;
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

    /** What the log has come to. */
    public Head head() {
        return new Head(0, new byte[32]);
    }

    /** Whether the last attempt to write succeeded. */
    public boolean isWritable() {
        return !failing;
    }

    /** Writes what waits, then closes the file. Later events are refused. */
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
        while (take(batch)) {
            write(batch);
            batch.clear();
        }
    }

    /** False when closed and all is written. */
    private boolean take(List<Entry> batch) {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                // Woken also to report events that were lost while nothing new comes.
                if (work.awaitNanos(TimeUnit.SECONDS.toNanos(1)) <= 0 && lost > 0) {
                    break;
                }
            }
            if (closed && failing && queue.isEmpty()) {
                return false;
            }
            if (lost > 0) {
                batch.add(new Entry(clock.instant(), new NodeEvent.AuditLost(lost), new CompletableFuture<>()));
                lost = 0;
            }
            for (Entry next; batch.size() < BATCH && (next = queue.poll()) != null; ) {
                batch.add(next);
                queuedBytes -= next.event().weight();
            }
            room.signalAll();
            return !batch.isEmpty() || !closed;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the audit thread", e);
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Entry> batch) {
        var recorded = new ArrayList<Recorded>(batch.size());
        for (Entry entry : batch) {
            var line = former.form(seq + 1, entry.time(), entry.event());
            seq++;
            recorded.add(new Recorded(seq, entry.time(), entry.event(), line));
            file.append(line, entry.event().level());
        }
        var failure = file.flush();
        report(failure, batch.size());
        for (int i = 0; i < batch.size(); i++) {
            if (failure == null) {
                batch.get(i).written().complete(null);
                tell(recorded.get(i));
            } else {
                batch.get(i).written().completeExceptionally(failure);
            }
        }
    }

    private void report(IOException failure, int events) {
        if (failure != null) {
            lock.lock();
            lost += events;
            lock.unlock();
            if (!failing) {
                LOG.errorf("net.log cannot be written: %s", failure.getMessage());
            }
        } else if (failing) {
            LOG.info("net.log can be written again");
        }
        failing = failure != null;
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
