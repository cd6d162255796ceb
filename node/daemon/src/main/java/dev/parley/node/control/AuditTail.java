package dev.parley.node.control;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Reads the end of net.log, and what is appended to it, also across a rotation. Passes on whole lines only. */
final class AuditTail {
    private static final int CHUNK = 64 << 10;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Path file;

    AuditTail(Path file) {
        this.file = file;
    }

    /**
     * Writes the last lines, of the file that was rotated last too where the file has fewer, and then those that are appended.
     *
     * @param lines how many of the last lines, from 0
     * @param follows asked several times a second; false ends it
     */
    void copy(int lines, BooleanSupplier follows, OutputStream out) throws IOException, InterruptedException {
        Generation current = Generation.open(file);
        try {
            if (current != null) {
                copyRotated(lines - current.seekLast(lines), current.key, out);
            }
            while (true) {
                if (current != null) {
                    current.copyLines(out);
                }
                out.flush();
                if (!follows.getAsBoolean()) {
                    return;
                }
                if (Objects.equals(key(file), current == null ? null : current.key)) {
                    Thread.sleep(POLL);
                    continue;
                }
                if (current != null) {
                    // What was written between the last look and the rotation.
                    current.copyLines(out);
                    current.channel.close();
                }
                current = Generation.open(file);
            }
        } finally {
            if (current != null) {
                current.channel.close();
            }
        }
    }

    private void copyRotated(int lines, Object unless, OutputStream out) throws IOException {
        Generation rotated = lines == 0 ? null : Generation.open(file.resolveSibling(file.getFileName() + ".1"));
        if (rotated == null) {
            return;
        }
        try {
            // Rotated this very moment, it is the file whose lines come next.
            if (!rotated.key.equals(unless)) {
                rotated.seekLast(lines);
                rotated.copyLines(out);
            }
        } finally {
            rotated.channel.close();
        }
    }

    /** What tells this file from the one that takes its name after a rotation; null while there is none. */
    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** One file between two rotations, and how far it was read: always up to the end of a line. */
    private static final class Generation {
        private final FileChannel channel;
        private final Object key;
        private long position;

        private Generation(FileChannel channel, Object key) {
            this.channel = channel;
            this.key = key;
        }

        static Generation open(Path file) throws IOException {
            try {
                // The key first: if the file is replaced in between, the next comparison shows it.
                Object key = key(file);
                return key == null ? null : new Generation(FileChannel.open(file, StandardOpenOption.READ), key);
            } catch (NoSuchFileException rotatedAway) {
                return null;
            }
        }

        /** @return how many lines are from there to the end, at most so many */
        int seekLast(int lines) throws IOException {
            long from = channel.size();
            var chunk = ByteBuffer.allocate(CHUNK);
            int ends = 0;
            while (from > 0) {
                int length = (int) Math.min(CHUNK, from);
                from -= length;
                fill(chunk.clear().limit(length), from);
                for (int i = length - 1; i >= 0; i--) {
                    // The newline before the first wanted line ends the one that is not wanted.
                    if (chunk.get(i) == '\n' && ++ends > lines) {
                        position = from + i + 1;
                        return lines;
                    }
                }
            }
            position = 0;
            return ends;
        }

        void copyLines(OutputStream out) throws IOException {
            long end = endOfLastLine();
            var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, end - position)));
            while (position < end) {
                int length = (int) Math.min(chunk.capacity(), end - position);
                fill(chunk.clear().limit(length), position);
                out.write(chunk.array(), 0, length);
                position += length;
            }
        }

        private long endOfLastLine() throws IOException {
            long end = channel.size();
            var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, end - position)));
            while (end > position) {
                int length = (int) Math.min(chunk.capacity(), end - position);
                fill(chunk.clear().limit(length), end - length);
                for (int i = length - 1; i >= 0; i--) {
                    if (chunk.get(i) == '\n') {
                        return end - length + i + 1;
                    }
                }
                end -= length;
            }
            return position;
        }

        private void fill(ByteBuffer into, long from) throws IOException {
            while (into.hasRemaining()) {
                if (channel.read(into, from + into.position()) < 0) {
                    throw new IOException("net.log has become shorter");
                }
            }
        }
    }
}
