package dev.parley.evidence;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Files of a log, in their order, that a forger may write; one line at a time is in memory. */
final class LogCopies {
    private static final int BUFFER = 1 << 16;

    private final List<Path> files;

    LogCopies(List<Path> files) {
        this.files = files;
    }

    /** What a forger does with a line. */
    @FunctionalInterface
    interface Edit {
        /**
         * @param index of the line over all files, from 0
         * @return what comes in its place
         */
        List<byte[]> line(long index, byte[] line);
    }

    /**
     * What a forger has to know of a log.
     *
     * @param target index of a line that is no checkpoint, about in the middle, with a plain line after it and a checkpoint further on
     * @param targetSeq its number
     * @param lines in all
     * @param lastSeq number of the last line
     * @param lastTime its time
     * @param spki of the identity, the first one where there are several
     * @param lastSpki of the last one
     */
    record Survey(
            long target, long targetSeq, long lines, long lastSeq, String lastTime, byte[] spki, byte[] lastSpki) {}

    /** @return null if the log is too short for a forger, or no log */
    Survey survey() throws IOException {
        var look = new Look(size() / 2);
        for (Path file : files) {
            try (var reader = new LineReader(Files.newInputStream(file))) {
                for (var line = reader.next(); line != null; line = reader.next()) {
                    look.at(line);
                }
            }
        }
        return look.found();
    }

    /** Looks for the line to forge. */
    private static final class Look {
        private final long middle;
        private long index;
        private long bytes;
        private boolean plainBefore;
        private long candidate = -1;
        private long candidateSeq;
        private boolean candidateBehindMiddle;
        private long target = -1;
        private long targetSeq;
        private boolean settled;
        private LineHead last;
        private byte[] spki;
        private byte[] lastSpki;

        Look(long middle) {
            this.middle = middle;
        }

        void at(LineReader.Line line) {
            var head = LineHead.parse(line.start(), line.start().length);
            boolean checkpoint = head != null && head.event().equals(Checkpoint.EVENT);
            boolean plain = head != null
                    && head.prev() != null
                    && !checkpoint
                    && !head.event().equals(TornLine.EVENT);
            if (plain && plainBefore && !settled && !candidateBehindMiddle) {
                candidate = index - 1;
                candidateSeq = head.seq() - 1;
                candidateBehindMiddle = bytes >= middle;
            }
            if (checkpoint && candidate >= 0 && !settled) {
                target = candidate;
                targetSeq = candidateSeq;
                settled = candidateBehindMiddle;
            }
            if (checkpoint) {
                anchor(Checkpoint.parse(line.start(), line.start().length));
            }
            last = head == null ? last : head;
            plainBefore = plain;
            bytes += line.length();
            index++;
        }

        private void anchor(Checkpoint read) {
            if (read != null && read.identity() != null) {
                lastSpki = read.identity();
                spki = spki == null ? lastSpki : spki;
            }
        }

        Survey found() {
            return target < 0 || spki == null
                    ? null
                    : new Survey(target, targetSeq, index, last.seq(), last.time(), spki, lastSpki);
        }
    }

    /** Writes all lines anew. */
    void forge(Edit edit) throws IOException {
        long index = 0;
        for (Path file : files) {
            var forged = file.resolveSibling(file.getFileName() + ".forged");
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(forged), BUFFER)) {
                for (byte[] line = line(in); line != null; line = line(in)) {
                    for (byte[] each : edit.line(index, line)) {
                        out.write(each);
                        out.write('\n');
                    }
                    index++;
                }
            }
            Files.move(forged, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Adds to the last file. */
    void append(byte[] lines) throws IOException {
        Files.write(files.getLast(), lines, java.nio.file.StandardOpenOption.APPEND);
    }

    private long size() throws IOException {
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        return size;
    }

    private static byte[] line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toByteArray();
    }

    /** The files in the order of their names, the oldest first, as a node rotates them. */
    static List<Path> inOrder(List<Path> files) throws IOException {
        var sorted = new ArrayList<Path>();
        for (var each : LogVerifier.ordered(files.stream().map(LogFile::of).toList())) {
            sorted.add(Path.of(each.name()));
        }
        return sorted;
    }
}
