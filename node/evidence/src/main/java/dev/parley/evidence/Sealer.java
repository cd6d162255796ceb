package dev.parley.evidence;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.protocol.crypto.IdentityKey;
import java.security.SecureRandom;

/**
 * Makes the checkpoints of one log. It always has two keys: the one that the last checkpoint announced, and the one that the next
 * will announce. Whoever writes the log keeps both where they survive the process ({@link #keys}), in this order: the checkpoint's
 * line is written; {@link #written} is called, which erases the key that signed it and makes another; the two keys are kept, in
 * place of the two before. Between these steps what is kept still has the key that the log's last checkpoint announced, as the first
 * or as the second: {@link #resume} finds it. Before the first checkpoint the keys are kept once more, ahead of its line.
 *
 * <p>Used by one thread.
 */
public final class Sealer implements AutoCloseable {
    private IdentityKey identity;
    /** Takes the place of the identity with the succession's checkpoint; else null. */
    private IdentityKey successor;
    /** That checkpoint was made, and is not known to be in the log. */
    private boolean succeeding;

    private final SecureRandom random;
    /** Null until the first checkpoint: nothing was announced. */
    private SealKey present;

    private SealKey following;

    private Sealer(IdentityKey identity, SecureRandom random, SealKey present, SealKey following) {
        this.identity = identity;
        this.random = random;
        this.present = present;
        this.following = following;
    }

    /** For a log without a checkpoint, or one whose key is lost: the next checkpoint is an anchor. */
    public static Sealer begin(IdentityKey identity, SecureRandom random) {
        return new Sealer(identity, random, null, SealKey.generate(random));
    }

    /**
     * For a log that goes on.
     *
     * @param keys as they were kept; handed over
     * @param announced public key in the last checkpoint of the log; null if it has none
     * @return null if that key was not kept: the log is not the one that was written last
     */
    public static Sealer resume(IdentityKey identity, SecureRandom random, Keys keys, byte[] announced) {
        if (announced == null) {
            return keys.present() == null ? new Sealer(identity, random, null, keys.following()) : null;
        }
        if (keys.present() != null && java.util.Arrays.equals(keys.present().publicKey(), announced)) {
            return new Sealer(identity, random, keys.present(), keys.following());
        }
        if (java.util.Arrays.equals(keys.following().publicKey(), announced)) {
            if (keys.present() != null) {
                keys.present().close();
            }
            return new Sealer(identity, random, keys.following(), SealKey.generate(random));
        }
        return null;
    }

    /**
     * The two keys.
     *
     * @param present signs the next checkpoint; null before the first
     * @param following is announced by the next checkpoint
     */
    public record Keys(SealKey present, SealKey following) {
        @Override
        public String toString() {
            return "Keys[*]";
        }
    }

    /** Has another identity take the place of the present one with a {@link Reason#SUCCESSION}, which is to be made soon. */
    public void succeed(IdentityKey next) {
        if (next.peerId().equals(identity.peerId())) {
            throw new IllegalArgumentException("an identity does not succeed itself");
        }
        successor = next;
    }

    /** Whether a {@link Reason#SUCCESSION} is to be made. */
    public boolean isSuccessionDue() {
        return successor != null;
    }

    /** Whether the next checkpoint has to be {@link Reason#FIRST} or {@link Reason#RENEWED}. */
    public boolean begins() {
        return present == null;
    }

    /**
     * Makes a checkpoint. Until {@link #written} is called, another one would be made with the same keys.
     *
     * @param time of the line, as {@link LineHead#time} writes it
     * @param seq of the line
     * @param head SHA-256 over the line before
     */
    public Checkpoint checkpoint(Reason reason, String time, long seq, byte[] head) {
        if (reason.chained() == begins()) {
            throw new IllegalStateException(reason + (begins() ? " cannot be the first" : " is the first only"));
        }
        succeeding = reason == Reason.SUCCESSION;
        if (!succeeding) {
            return Checkpoint.sign(time, seq, head, reason, following.publicKey(), present, identity);
        }
        if (successor == null) {
            throw new IllegalStateException("no identity is to take the place of this one");
        }
        return Checkpoint.signSuccession(
                time, seq, head, following.publicKey(), present, identity.spki(), identity, successor);
    }

    /** The last checkpoint that was made is in the log: its key is erased. Keep {@link #keys} now. */
    public void written() {
        if (present != null) {
            present.close();
        }
        present = following;
        following = SealKey.generate(random);
        if (succeeding) {
            identity = successor;
            successor = null;
            succeeding = false;
        }
    }

    /** What has to survive the process; not copies. */
    public Keys keys() {
        return new Keys(present, following);
    }

    /** Signs what a log has come to, for others to keep. */
    public SignedHead head(long seq, byte[] hash, String time) {
        return SignedHead.sign(identity, seq, hash, time);
    }

    /** With copies of the keys, as a thief takes them along. */
    Sealer copy() {
        return new Sealer(identity, random, present == null ? null : present.copy(), following.copy());
    }

    /** Erases the keys from memory. */
    @Override
    public void close() {
        if (present != null) {
            present.close();
        }
        following.close();
    }
}
