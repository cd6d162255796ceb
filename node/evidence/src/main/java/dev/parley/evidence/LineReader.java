package dev.parley.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/** Reads a log line by line in constant memory: of a line it keeps the hash, the length and the beginning. */
final class LineReader implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK];
    private final MessageDigest digest = LineHead.sha256();
    private final byte[] start = new byte[Checkpoint.MAX_LENGTH];
    private int from;
    private int to;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * A line.
     *
     * @param start its first bytes, at most {@link Checkpoint#MAX_LENGTH}
     * @param length of all of it, without its end
     * @param hash SHA-256 over all of it
     * @param ended whether it has an end
     */
    record Line(byte[] start, long length, byte[] hash, boolean ended) {
        /** Whether {@link #start} is all of it. */
        boolean isWhole() {
            return start.length == length;
        }
    }

    /** Null at the end. */
    Line next() throws IOException {
        long length = 0;
        int kept = 0;
        while (true) {
            if (from == to) {
                to = in.read(chunk);
                from = 0;
                if (to <= 0) {
                    to = 0;
                    return length == 0 ? null : line(kept, length, false);
                }
            }
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            int some = Math.min(end - from, start.length - kept);
            System.arraycopy(chunk, from, start, kept, some);
            kept += some;
            digest.update(chunk, from, end - from);
            length += end - from;
            from = end;
            if (end < to) {
                from++;
                return line(kept, length, true);
            }
        }
    }

    private Line line(int kept, long length, boolean ended) {
        return new Line(Arrays.copyOf(start, kept), length, digest.digest(), ended);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
