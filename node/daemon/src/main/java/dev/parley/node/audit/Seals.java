package dev.parley.node.audit;

import dev.parley.evidence.Checkpoint;
import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.LineHead;
import dev.parley.evidence.Sealer;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The checkpoints of one net.log and the keys that they need. The order in which things reach the disk lets a kill at any instant
 * leave a log that goes on: the checkpoint's line, then the keys that take the place of the one that signed it ({@link Sealer}).
 */
final class Seals implements AutoCloseable {
    private final Sealer sealer;
    private final AuditKeys file;
    private final Reason start;
    private final String problem;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    /** What the sealer has is not kept yet: no checkpoint may follow. */
    private boolean toKeep;

    private Seals(Sealer sealer, AuditKeys file, Reason start, String problem) {
        this.sealer = sealer;
        this.file = file;
        this.start = start;
        this.problem = problem;
        this.toKeep = true;
    }

    /**
     * Reads the keys that were kept, and compares them with the log.
     *
     * @param tail how the log ended when it was opened
     */
    static Seals open(Path path, IdentityKey identity, LogTail tail) throws IOException {
        var random = new SecureRandom();
        var keys = AuditKeys.read(path, identity, random);
        var file = new AuditKeys(path, identity, random);
        boolean fresh = keys == null && tail.announced() == null && !java.nio.file.Files.exists(path);
        var resumed =
                keys == null || tail.problem() != null ? null : Sealer.resume(identity, random, keys, tail.announced());
        if (resumed != null) {
            return new Seals(resumed, file, resumed.begins() ? Reason.FIRST : Reason.START, null);
        }
        var begun = Sealer.begin(identity, random);
        return fresh && tail.problem() == null
                ? new Seals(begun, file, Reason.FIRST, null)
                : new Seals(begun, file, Reason.RENEWED, problem(tail, keys, path));
    }

    /** Why the chain of keys could not go on; null if it does. */
    String problem() {
        return problem;
    }

    /** The reason of the first checkpoint. */
    Reason start() {
        return start;
    }

    /** Keeps what is not kept yet. @throws IOException if that cannot be; try again before anything else */
    void keep() throws IOException {
        if (toKeep) {
            file.keep(sealer.keys());
            toKeep = false;
        }
    }

    Checkpoint checkpoint(Reason reason, Instant time, long seq, byte[] head) {
        return sealer.checkpoint(reason, LineHead.time(time), seq, head);
    }

    /** Whether {@link #keep} has something to do. */
    boolean isToKeep() {
        return toKeep;
    }

    /** The first checkpoint is written and the keys of the next are kept. */
    void begun() {
        started.complete(null);
    }

    /** Completes once {@link #begun}. */
    CompletionStage<Void> started() {
        return started;
    }

    /** The last checkpoint is in the log. */
    void written() {
        sealer.written();
        toKeep = true;
    }

    @Override
    public void close() {
        sealer.close();
        file.close();
    }

    private static String problem(LogTail tail, Sealer.Keys keys, Path path) {
        if (tail.problem() != null) {
            return tail.problem();
        }
        if (keys == null) {
            return java.nio.file.Files.exists(path)
                    ? "audit.key is damaged, or of another identity"
                    : "audit.key is missing, but the log has checkpoints";
        }
        return tail.announced() == null
                ? "the log that audit.key belongs to is gone"
                : "audit.key does not fit the last checkpoint of net.log: lines were cut off, or another log or key was put here";
    }
}
