package dev.parley.node.witness;

import dev.parley.evidence.LineHead;
import dev.parley.evidence.SignedHead;
import dev.parley.node.audit.LogFiles;
import dev.parley.node.audit.NetLog;
import dev.parley.node.audit.WitnessEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.IdentityKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * This node's own log: what it has come to, signed, and single lines of it. What is signed is forced to the disk before, so that
 * a power cut does not make the log contradict it. Blocks, and signs: not for event loops. Thread-safe.
 */
@ApplicationScoped
public class OwnLog {
    /** The checkpoints follow lines of other kinds; they are not news themselves. */
    private static final String CHECKPOINT = "CHECKPOINT";
    /** A clock that was set back while a message came. */
    private static final long SLACK_SECONDS = 10;

    private final Path file;
    private volatile IdentityKey key;
    private volatile String foundAt;
    private volatile NetLog.Head found = new NetLog.Head(0, LineHead.noLine());
    private volatile Supplier<NetLog.Head> heads = () -> new NetLog.Head(0, LineHead.noLine());
    private volatile long news;
    private SignedHead signed;

    OwnLog(ParleyConfig config) {
        file = config.dataDir().resolve("net.log");
    }

    /**
     * @param identity whose log it is
     * @param found what the log had come to when this process opened it
     * @param heads what it has come to
     */
    public void start(IdentityKey identity, NetLog.Head found, Supplier<NetLog.Head> heads) {
        this.key = identity;
        this.found = found;
        this.foundAt = LineHead.time(Instant.now());
        this.heads = heads;
    }

    /** Is told of every line, on the log's own thread. */
    public void recorded(NetLog.Recorded recorded) {
        if (!(recorded.event() instanceof WitnessEvent)
                && !CHECKPOINT.equals(recorded.event().event())) {
            news = recorded.seq();
        }
    }

    /** Number of the last line that is of anything else than witnessing; 0: none yet. */
    long news() {
        return news;
    }

    /** What the log has come to; signed once for all who ask. Empty while there is no line. */
    synchronized Optional<SignedHead> head() throws IOException {
        NetLog.Head now = heads.get();
        if (now.seq() == 0) {
            return Optional.empty();
        }
        if (signed == null || signed.seq() != now.seq()) {
            force();
            // A clock that was set back is no reason to contradict oneself.
            String time = LineHead.time(Instant.now());
            signed = sign(
                    now.seq(), now.hash(), signed == null || time.compareTo(signed.time()) > 0 ? time : signed.time());
        }
        return Optional.of(signed);
    }

    /**
     * What the log had come to before this process wrote to it: an older copy that was put in its place shows by that, and not any
     * more by what was written behind it since. Of the time of the start, so that it never follows what was signed since. Empty if
     * there was none.
     */
    Optional<SignedHead> found() {
        NetLog.Head before = found;
        return before.seq() == 0 ? Optional.empty() : Optional.of(sign(before.seq(), before.hash(), foundAt));
    }

    /** The head of one line. */
    SignedHead sign(long seq, byte[] hash, String time) {
        return SignedHead.sign(key, seq, hash, time);
    }

    IdentityKey key() {
        return key;
    }

    /** A line as it is in the file. */
    record Line(LineHead head, byte[] bytes) {
        byte[] hash() {
            return LineHead.sha256().digest(bytes);
        }

        boolean is(String event) {
            return head.event().equals(event);
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** The lines about a message, those of the peer alone, from about {@code since} on to {@code until}. */
    List<Line> about(UUID message, String peer, Instant since, Instant until) throws IOException {
        byte[] id = ("\"message\":\"" + message + '"').getBytes(StandardCharsets.US_ASCII);
        String of = "\"peer\":\"" + peer + '"';
        String end = until == null ? null : LineHead.time(until.plusSeconds(SLACK_SECONDS));
        List<Line> found = new ArrayList<>();
        try (LogFiles files = LogFiles.open(file)) {
            files.forEach(since.minusSeconds(SLACK_SECONDS), (bytes, length, place) -> {
                if (contains(bytes, Math.min(length, LineHead.MAX_LENGTH + id.length), id)) {
                    LineHead head = LineHead.parse(bytes, length);
                    if (head != null
                            && new String(bytes, 0, Math.min(length, 1_024), StandardCharsets.UTF_8).contains(of)) {
                        found.add(new Line(head, Arrays.copyOf(bytes, length)));
                    }
                }
                return end == null || !isAfter(bytes, length, end);
            });
        }
        return found;
    }

    /**
     * The lines between two numbers, both included.
     *
     * @return empty if they are not all there, or have more than {@code most} bytes
     */
    List<Line> between(long from, long to, Instant since, long most) throws IOException {
        List<Line> found = new ArrayList<>();
        long[] size = {0};
        boolean[] whole = {true};
        try (LogFiles files = LogFiles.open(file)) {
            files.forEach(since.minusSeconds(SLACK_SECONDS), (bytes, length, place) -> {
                LineHead head = LineHead.parse(bytes, length);
                if (head != null && head.seq() >= from && head.seq() <= to) {
                    size[0] += length;
                    whole[0] &= size[0] <= most && head.seq() == from + found.size();
                    if (whole[0]) {
                        found.add(new Line(head, Arrays.copyOf(bytes, length)));
                    }
                }
                return whole[0] && (head == null || head.seq() < to);
            });
        }
        return whole[0] && found.size() == to - from + 1 ? found : List.of();
    }

    /** The last line that is wanted. */
    static Optional<Line> last(List<Line> lines, Predicate<Line> wanted) {
        return lines.reversed().stream().filter(wanted).findFirst();
    }

    /** What was rotated since was forced when it was the log, or is the newest of the rotated ones. */
    private void force() throws IOException {
        for (Path each : List.of(file.resolveSibling(file.getFileName() + ".1"), file)) {
            if (Files.exists(each)) {
                try (FileChannel channel = FileChannel.open(each, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static boolean isAfter(byte[] bytes, int length, String end) {
        int from = "{\"time\":\"".length();
        return length > from + LineHead.TIME_LENGTH
                && new String(bytes, from, LineHead.TIME_LENGTH, StandardCharsets.US_ASCII).compareTo(end) > 0;
    }

    private static boolean contains(byte[] bytes, int length, byte[] wanted) {
        for (int i = 0; i + wanted.length <= length; i++) {
            if (Arrays.mismatch(bytes, i, i + wanted.length, wanted, 0, wanted.length) < 0) {
                return true;
            }
        }
        return false;
    }
}
