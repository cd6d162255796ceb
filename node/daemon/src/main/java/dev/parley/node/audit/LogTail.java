package dev.parley.node.audit;

import dev.parley.evidence.Checkpoint;
import dev.parley.evidence.LineHead;
import dev.parley.evidence.TornLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * How a log ends that a node finds when it starts: the line to go on after, what a crash has torn, and the key that the last
 * checkpoint announced. Read backwards, so that a long file costs no time.
 *
 * @param seq number of the last line; 0 if there is none
 * @param head hash of the last line; zeros if there is none
 * @param time of the last line, as lines have it; null if there is none
 * @param sealed the last checkpoint; null if there is none
 * @param torn what a crash has left behind the last line; null if nothing
 * @param length of the file, torn bytes among it
 * @param problem what cannot be a crash; null if nothing
 */
record LogTail(long seq, byte[] head, String time, Checkpoint sealed, TornLine torn, long length, String problem) {
    private static final int CHUNK = 1 << 16;
    /** What a crash can leave behind a torn line that was about to be owned up to. */
    private static final int MOST_OF_A_CONFESSION = 1 << 10;

    private static final byte[] CHECKPOINT =
            (",\"event\":\"" + Checkpoint.EVENT + "\",\"reason\":").getBytes(StandardCharsets.US_ASCII);

    /** Public key that the last checkpoint announced; null if there is no checkpoint. */
    byte[] announced() {
        return sealed == null ? null : sealed.next();
    }

    static LogTail read(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Reader(channel).read();
        }
    }

    private static final class Reader {
        private final FileChannel channel;
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        private long chunkAt = -1;

        Reader(FileChannel channel) {
            this.channel = channel;
        }

        LogTail read() throws IOException {
            long size = channel.size();
            long end = lastNewline(size);
            if (end < 0) {
                return tail(null, 0, 0, torn(0, size), null);
            }
            long start = lastNewline(end) + 1;
            var head = head(start, end);
            if (head != null) {
                return tail(head, start, end, torn(end + 1, size), null);
            }
            // The last line with an end is none: torn, and given its end by a node that was killed while it said so?
            long endBefore = start - 1;
            long startBefore = endBefore < 0 ? 0 : lastNewline(endBefore) + 1;
            var before = endBefore < 0 ? null : head(startBefore, endBefore);
            if ((before != null || endBefore < 0) && size - end <= MOST_OF_A_CONFESSION && end > start) {
                channel.truncate(end);
                return tail(before, startBefore, Math.max(endBefore, 0), torn(start, end), null);
            }
            return damaged(start, end, size);
        }

        /** Goes on after the last line, whatever it is: a verifier will find it. */
        private LogTail damaged(long start, long end, long size) throws IOException {
            LineHead found = null;
            for (long to = start - 1; found == null && to > 0; ) {
                long from = lastNewline(to) + 1;
                found = head(from, to);
                to = from - 1;
            }
            return new LogTail(
                    found == null ? 0 : found.seq(),
                    hash(start, end),
                    found == null ? null : found.time(),
                    sealed(end),
                    torn(end + 1, size),
                    size,
                    "the last line of net.log is no line of a log");
        }

        private LogTail tail(LineHead head, long start, long end, TornLine torn, String problem) throws IOException {
            return new LogTail(
                    head == null ? 0 : head.seq(),
                    head == null ? LineHead.noLine() : hash(start, end),
                    head == null ? null : head.time(),
                    sealed(end),
                    torn,
                    channel.size(),
                    head != null && head.prev() == null ? "net.log has lines that are not sealed" : problem);
        }

        private TornLine torn(long from, long to) throws IOException {
            return from == to ? null : new TornLine(to - from, hash(from, to));
        }

        private LineHead head(long start, long end) throws IOException {
            byte[] bytes = bytes(start, (int) Math.min(end - start, LineHead.MAX_LENGTH));
            return LineHead.parse(bytes, bytes.length);
        }

        /** The last checkpoint before {@code end}. */
        private Checkpoint sealed(long end) throws IOException {
            for (long to = end; to > 0; ) {
                long from = Math.max(0, to - CHUNK);
                byte[] bytes = bytes(from, (int) (to - from));
                for (int i = bytes.length - CHECKPOINT.length; i >= 0; i--) {
                    Checkpoint found = startsAt(bytes, i) ? checkpoint(from + i) : null;
                    if (found != null) {
                        return found;
                    }
                }
                // Overlapping, for one across the border.
                to = from == 0 ? 0 : from + CHECKPOINT.length - 1;
            }
            return null;
        }

        private static boolean startsAt(byte[] bytes, int from) {
            for (int i = 0; i < CHECKPOINT.length; i++) {
                if (bytes[from + i] != CHECKPOINT[i]) {
                    return false;
                }
            }
            return true;
        }

        private Checkpoint checkpoint(long inside) throws IOException {
            long start = lastNewline(inside) + 1;
            byte[] line = bytes(start, (int) Math.min(Checkpoint.MAX_LENGTH, channel.size() - start));
            int length = 0;
            while (length < line.length && line[length] != '\n') {
                length++;
            }
            return Checkpoint.parse(line, length);
        }

        private byte[] hash(long from, long to) throws IOException {
            MessageDigest digest = LineHead.sha256();
            for (long at = from; at < to; at += CHUNK) {
                digest.update(bytes(at, (int) Math.min(CHUNK, to - at)));
            }
            return digest.digest();
        }

        /** Position of the last line end before {@code before}; -1 if none. */
        private long lastNewline(long before) throws IOException {
            for (long to = before; to > 0; ) {
                long from = (to - 1) / CHUNK * CHUNK;
                load(from);
                for (int i = (int) (to - from) - 1; i >= 0; i--) {
                    if (chunk.get(i) == '\n') {
                        return from + i;
                    }
                }
                to = from;
            }
            return -1;
        }

        private void load(long from) throws IOException {
            if (chunkAt != from) {
                chunk.clear();
                while (chunk.hasRemaining() && channel.read(chunk, from + chunk.position()) > 0) {
                    chunkAt = from;
                }
                chunkAt = from;
            }
        }

        private byte[] bytes(long from, int length) throws IOException {
            var bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new IOException("net.log has become shorter");
                }
            }
            return bytes.array();
        }
    }
}
