package dev.parley.node.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/** All of net.log, the rotated files before it, as it is at one instant: the bytes as they are, up to the end of the last whole line. */
final class WholeLog implements AutoCloseable {
    private static final int CHUNK = 64 << 10;
    private static final int TRIES = 20;

    private final Deque<FileChannel> files;

    private WholeLog(Deque<FileChannel> files) {
        this.files = files;
    }

    /** Opens every file, the oldest first. @throws IOException if one cannot be read, or they are rotated faster than opened */
    static WholeLog open(Path newest) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Object before = key(newest);
            var log = new WholeLog(new ArrayDeque<>());
            if (log.openAll(newest) && Objects.equals(before, key(newest))) {
                return log;
            }
            log.close();
        }
        throw new IOException("net.log is rotated faster than it can be opened");
    }

    void copy(OutputStream out) throws IOException {
        var chunk = ByteBuffer.allocate(CHUNK);
        for (var file : files) {
            long end = file == files.getLast() ? endOfLastLine(file) : file.size();
            for (long position = 0; position < end; ) {
                chunk.clear().limit((int) Math.min(CHUNK, end - position));
                int read = file.read(chunk, position);
                if (read < 0) {
                    throw new IOException("net.log has become shorter");
                }
                out.write(chunk.array(), 0, read);
                position += read;
            }
        }
        out.flush();
    }

    /** The same bytes, to be read once. */
    InputStream stream() throws IOException {
        List<InputStream> parts = new ArrayList<>();
        for (var file : files) {
            parts.add(new Part(file, file == files.getLast() ? endOfLastLine(file) : file.size()));
        }
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    /** A file up to where it ended when this was made. */
    private static final class Part extends InputStream {
        private final FileChannel file;
        private final long end;
        private long position;

        Part(FileChannel file, long end) {
            this.file = file;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int most) throws IOException {
            if (position >= end) {
                return -1;
            }
            int read = file.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(most, end - position)), position);
            if (read < 0) {
                throw new IOException("net.log has become shorter");
            }
            position += read;
            return read;
        }
    }

    @Override
    public void close() throws IOException {
        for (var file : files) {
            file.close();
        }
    }

    /** False if they have moved meanwhile. */
    private boolean openAll(Path newest) throws IOException {
        try {
            files.add(FileChannel.open(newest, StandardOpenOption.READ));
        } catch (NoSuchFileException between) {
            return false;
        }
        // A node that was killed while it rotated may have left one number free.
        int missing = 0;
        for (int i = 1; missing < 2; i++) {
            var rotated = newest.resolveSibling(newest.getFileName() + "." + i);
            try {
                files.addFirst(FileChannel.open(rotated, StandardOpenOption.READ));
                missing = 0;
            } catch (NoSuchFileException none) {
                missing++;
            }
        }
        return true;
    }

    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        var chunk = ByteBuffer.allocate(CHUNK);
        for (long to = file.size(); to > 0; ) {
            long from = Math.max(0, to - CHUNK);
            chunk.clear().limit((int) (to - from));
            while (chunk.hasRemaining() && file.read(chunk, from + chunk.position()) >= 0) {
                // Until the chunk is full.
            }
            for (int i = (int) (to - from) - 1; i >= 0; i--) {
                if (chunk.get(i) == '\n') {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return 0;
    }
}
