package dev.parley.node.audit;

import dev.parley.evidence.Checkpoint;
import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.LineHead;
import dev.parley.evidence.Sealer;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The checkpoints of one net.log and the keys that they need. The order in which things reach the disk lets a kill at any instant
 * leave a log that goes on: the checkpoint's line, then the keys that take the place of the one that signed it ({@link Sealer}). A
 * change of the identity is no exception: the identity before starts as usual, with keys wrapped for it, and hands over with a
 * checkpoint that both have signed, after which the keys are wrapped for the new one.
 */
final class Seals implements AutoCloseable {
    private final Sealer sealer;
    private AuditKeys file;
    /** Takes the place of the file once the succession is in the log; else null. */
    private AuditKeys successors;

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
     * @param identity of the node
     * @param before the one that it had until now, or until a start that died; empty where it keeps its own
     * @param tail how the log ended when it was opened
     */
    static Seals open(Path path, IdentityKey identity, Optional<IdentityKey> before, LogTail tail) throws IOException {
        var random = new SecureRandom();
        var keys = AuditKeys.read(path, identity, random);
        var old = before.filter(each -> !each.peerId().equals(identity.peerId()));
        if (keys != null || old.isEmpty()) {
            return open(path, identity, keys, tail, random);
        }
        var kept = AuditKeys.read(path, old.get(), random);
        if (hasHandedOver(tail, identity)) {
            return open(path, identity, kept, tail, random);
        }
        var seals = open(path, old.get(), kept, tail, random);
        seals.sealer.succeed(identity);
        seals.successors = new AuditKeys(path, identity, random);
        return seals;
    }

    /** A start died before the keys could be kept for the new identity. */
    private static boolean hasHandedOver(LogTail tail, IdentityKey identity) {
        var last = tail.sealed();
        return last != null
                && last.reason() == Reason.SUCCESSION
                && identity.peerId().equals(last.peer());
    }

    /** @param keys that were kept; null if there are none that open */
    private static Seals open(Path path, IdentityKey identity, Sealer.Keys keys, LogTail tail, SecureRandom random) {
        var file = new AuditKeys(path, identity, random);
        boolean fresh = keys == null && tail.announced() == null && !Files.exists(path);
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

    /** Whether the first checkpoint has to be followed by that of a succession. */
    boolean isSuccessionDue() {
        return sealer.isSuccessionDue();
    }

    /** The first checkpoint is written, a succession's if there is one, and the keys of the next are kept. */
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
        if (successors != null && !sealer.isSuccessionDue()) {
            file.close();
            file = successors;
            successors = null;
        }
    }

    @Override
    public void close() {
        sealer.close();
        file.close();
        if (successors != null) {
            successors.close();
        }
    }

    private static String problem(LogTail tail, Sealer.Keys keys, Path path) {
        if (tail.problem() != null) {
            return tail.problem();
        }
        if (keys == null) {
            return Files.exists(path)
                    ? "audit.key is damaged, or of another identity"
                    : "audit.key is missing, but the log has checkpoints";
        }
        return tail.announced() == null
                ? "the log that audit.key belongs to is gone"
                : "audit.key does not fit the last checkpoint of net.log: lines were cut off, or another log or key was put here";
    }
}
