package dev.parley.node.audit;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.ClockSetBack;
import dev.parley.evidence.LineHead;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The chain of lines under {@link NetLog}: makes each line follow the one before, seals what has come, rotates the file. What could
 * not be written is taken back, from the file and from the chain, so that the next line follows the last one that is there.
 * Used by one thread.
 */
final class LogWriter {
    /** Lines that come before a checkpoint at the most. */
    static final int LINES = 1_000;
    /** The longest that a line waits for its checkpoint. */
    static final Duration WAIT = Duration.ofSeconds(10);

    private final NetLogFile file;
    private final Clock clock;
    private final LineFormer former = new LineFormer();
    private final MessageDigest digest = LineHead.sha256();
    private final List<Pending> pending = new ArrayList<>();
    private BiConsumer<NetLog.Recorded, CompletableFuture<Void>> done = (recorded, written) -> {};

    private Seals seals;
    /** The checkpoint of a start is still to come. */
    private boolean starting;
    /** The first line of a new file is still to come. */
    private boolean anchorDue;
    /** The torn line at the end of the file is still without its line. */
    private boolean tornDue;
    /** A checkpoint is among what waits to be written. */
    private boolean sealing;

    private Chain chain;
    private volatile Chain good;
    private long lastSealNanos = System.nanoTime();

    /** Where the chain is. @param unsealed lines since the last checkpoint */
    private record Chain(long seq, byte[] head, Instant time, long unsealed) {}

    private record Pending(NetLog.Recorded recorded, CompletableFuture<Void> written) {}

    LogWriter(NetLogFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
        var tail = file.tail();
        this.tornDue = tail.torn() != null;
        this.chain = new Chain(
                tail.seq(), tail.head(), tail.time() == null ? Instant.EPOCH : Instant.parse(tail.time()), tail.seq());
        this.good = chain;
    }

    LogTail tail() {
        return file.tail();
    }

    NetLog.Head head() {
        var now = good;
        return new NetLog.Head(now.seq(), now.head());
    }

    /** Whether a line has waited long enough for a checkpoint. */
    boolean isSealDue() {
        return isSuccessionDue()
                || seals != null && good.unsealed() > 0 && System.nanoTime() - lastSealNanos >= WAIT.toNanos();
    }

    /**
     * Writes events.
     *
     * @param idleAt the present time if nothing more waits, else null
     * @param brought seals to begin with; null if there are none to begin with now
     * @param done told of each line once it is written, also of those that nobody waits for
     * @throws IOException if not all could be written; what {@code done} was not told of is not in the file
     */
    void write(
            List<NetLog.Entry> batch,
            Instant idleAt,
            Seals brought,
            BiConsumer<NetLog.Recorded, CompletableFuture<Void>> done)
            throws IOException {
        this.done = done;
        if (brought != null) {
            seals = brought;
            starting = true;
        }
        try {
            begin(batch.isEmpty() ? clock.instant() : batch.getFirst().time());
            for (NetLog.Entry entry : batch) {
                rotateIfDue();
                add(entry.time(), entry.event(), entry.written());
                if (seals != null && !starting && chain.unsealed() >= LINES) {
                    checkpoint(Reason.LINES, chain.time());
                }
            }
            if (starting) {
                checkpoint(seals.start(), idleAt == null ? chain.time() : idleAt);
            }
            if (isSuccessionDue()) {
                checkpoint(Reason.SUCCESSION, idleAt == null ? chain.time() : idleAt);
            } else if (isSealDue()) {
                rotateIfDue();
                checkpoint(Reason.TIME, idleAt == null ? chain.time() : idleAt);
            }
            commit();
        } catch (IOException e) {
            rollBack();
            throw e;
        }
    }

    private boolean isSuccessionDue() {
        return seals != null && !starting && seals.isSuccessionDue();
    }

    /** Seals the end. */
    void stop(Instant now) throws IOException {
        if (seals != null && !starting) {
            try {
                begin(now);
                rotateIfDue();
                checkpoint(Reason.STOP, now);
            } catch (IOException e) {
                rollBack();
                throw e;
            }
        }
    }

    void close() {
        file.close();
        if (seals != null) {
            seals.close();
        }
    }

    /** What has to come first. */
    private void begin(Instant time) throws IOException {
        file.takeBack();
        keep();
        if (tornDue) {
            file.endTornLine();
            append(latest(time), LogEvent.TornLine.of(file.tail().torn()), null);
        }
    }

    private void rotateIfDue() throws IOException {
        if (seals != null && !starting && (file.isFull() || anchorDue)) {
            commit();
            anchorDue = true;
            if (!file.isEmpty()) {
                file.rotate();
            }
            checkpoint(Reason.ROTATED, chain.time());
            anchorDue = false;
        }
    }

    private void add(Instant at, AuditEvent event, CompletableFuture<Void> written) {
        var time = at.truncatedTo(ChronoUnit.MICROS);
        if (time.isBefore(chain.time().minus(ClockSetBack.TOLERANCE))) {
            append(time, new LogEvent.ClockSetBack(chain.time()), null);
        }
        append(latest(time), event, written);
    }

    /** Never before the line before. */
    private Instant latest(Instant time) {
        var micros = time.truncatedTo(ChronoUnit.MICROS);
        return micros.isBefore(chain.time()) ? chain.time() : micros;
    }

    private void append(Instant time, AuditEvent event, CompletableFuture<Void> written) {
        former.form(chain.seq() + 1, time, chain.head(), event);
        file.append(former.bytes(), former.length(), event.level());
        digest.update(former.bytes(), 0, former.length());
        advance(time, chain.unsealed() + 1, event, written);
    }

    private void checkpoint(Reason reason, Instant at) throws IOException {
        keep();
        var time = latest(at);
        var made = seals.checkpoint(reason, time, chain.seq() + 1, chain.head());
        byte[] line = made.line();
        file.append(line, line.length, Level.INFO);
        digest.update(line);
        advance(time, 0, LogEvent.Checkpoint.of(made), null);
        sealing = true;
        commit();
    }

    private void advance(Instant time, long unsealed, AuditEvent event, CompletableFuture<Void> written) {
        chain = new Chain(chain.seq() + 1, digest.digest(), time, unsealed);
        pending.add(new Pending(new NetLog.Recorded(chain.seq(), time, event), written));
    }

    /** Hands to the operating system what waits, and tells whoever waits for it; then keeps the keys of a new checkpoint. */
    private void commit() throws IOException {
        var failure = file.write();
        if (failure != null) {
            throw failure;
        }
        good = chain;
        tornDue = tornDue && good.seq() == file.tail().seq();
        for (Pending each : pending) {
            done.accept(each.recorded(), each.written());
        }
        pending.clear();
        if (sealing) {
            sealing = false;
            starting = false;
            lastSealNanos = System.nanoTime();
            seals.written();
            keep();
        }
    }

    private void keep() throws IOException {
        if (seals != null && seals.isToKeep()) {
            // The line first: keys without it would not fit the log that a loss of power leaves.
            file.force();
            seals.keep();
            if (!starting && !seals.isSuccessionDue()) {
                seals.begun();
            }
        }
    }

    private void rollBack() {
        chain = good;
        pending.clear();
        sealing = false;
        // What waits in the buffer is part of what could not be written.
        file.drop();
    }
}
