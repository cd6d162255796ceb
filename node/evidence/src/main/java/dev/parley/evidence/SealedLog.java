package dev.parley.evidence;

import dev.parley.evidence.Checkpoint.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/** Writes chained and sealed lines into memory: a log as a node writes it, for demonstrations, forgers and tests. */
public final class SealedLog {
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final MessageDigest digest = LineHead.sha256();
    private final Sealer sealer;
    private long seq;
    private byte[] head = LineHead.noLine();

    /** @param sealer of the node whose log it is */
    public SealedLog(Sealer sealer) {
        this.sealer = sealer;
    }

    /** @param seq and {@code head}: the line that this log goes on after */
    public SealedLog(Sealer sealer, long seq, byte[] head) {
        this(sealer);
        this.seq = seq;
        this.head = head.clone();
    }

    /** Adds a line. @param fields of the event, as JSON, for example {@code "peer":"x"}; may be empty */
    public SealedLog line(Instant time, String event, String fields) {
        return append((LineHead.text(LineHead.time(time), seq + 1, head, "INFO", event)
                        + (fields.isEmpty() ? "}" : "," + fields + "}"))
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Seals what is there. */
    public SealedLog checkpoint(Reason reason, Instant time) {
        append(sealer.checkpoint(reason, LineHead.time(time), seq + 1, head).line());
        sealer.written();
        return this;
    }

    /** What the log has come to, signed. */
    public SignedHead head(Instant time) {
        return sealer.head(seq, head, LineHead.time(time));
    }

    /** Number of the last line. */
    public long seq() {
        return seq;
    }

    /** SHA-256 over the last line. */
    public byte[] hash() {
        return head.clone();
    }

    /** Takes the lines since the last call away, as a file of their own. */
    public byte[] file() {
        byte[] file = lines.toByteArray();
        lines.reset();
        return file;
    }

    private SealedLog append(byte[] line) {
        seq++;
        head = digest.digest(line);
        lines.writeBytes(line);
        lines.write('\n');
        return this;
    }
}
