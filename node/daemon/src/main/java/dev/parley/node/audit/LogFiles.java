package dev.parley.node.audit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code net.log} and its rotated files as they are now, for one reader: what is appended or rotated meanwhile changes nothing.
 * Reading blocks.
 */
public final class LogFiles implements AutoCloseable {
    /** Far more than {@code parley.audit.rotate-keep} allows. */
    private static final int MOST_FILES = 100_000;

    private static final int BUFFER = 256 << 10;
    /** Longer than the line of the longest frame; what is longer is no line of ours. */
    private static final int MAX_LINE = 16 << 20;

    private final List<Part> parts;

    /**
     * @param size how much of it is read
     * @param changed when it was last written to
     */
    private record Part(FileChannel channel, long size, Instant changed) {}

    /**
     * Where a line is.
     *
     * @param part which of the files, the oldest is 0
     * @param offset of its first byte
     * @param length in bytes, without the line end
     */
    public record Place(int part, long offset, int length) {}

    /** Is shown lines, without their ends. */
    @FunctionalInterface
    public interface Visitor {
        /** @return false to end it */
        boolean line(byte[] bytes, int length, Place place) throws IOException;
    }

    private LogFiles(List<Part> parts) {
        this.parts = parts;
    }

    /** @param file {@code net.log} itself */
    public static LogFiles open(Path file) throws IOException {
        var parts = new ArrayList<Part>();
        Set<Object> known = new HashSet<>();
        try {
            // From the newest on: a rotation meanwhile shows a file a second time, but none is passed over.
            for (int i = 0; i < MOST_FILES; i++) {
                Path each = i == 0 ? file : file.resolveSibling(file.getFileName() + "." + i);
                try {
                    FileChannel channel = FileChannel.open(each, StandardOpenOption.READ);
                    var attributes = Files.readAttributes(each, BasicFileAttributes.class);
                    if (known.add(attributes.fileKey())) {
                        parts.addFirst(new Part(
                                channel,
                                channel.size(),
                                attributes.lastModifiedTime().toInstant()));
                    } else {
                        channel.close();
                    }
                } catch (NoSuchFileException none) {
                    if (i > 0) {
                        break;
                    }
                }
            }
            return new LogFiles(parts);
        } catch (IOException e) {
            new LogFiles(parts).close();
            throw e;
        }
    }

    /** Bytes of all files. */
    public long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    /** How many files. */
    public int count() {
        return parts.size();
    }

    /**
     * Shows every whole line, the oldest first.
     *
     * @param since files that were last written to before are passed over; null: none
     */
    public void forEach(Instant since, Visitor visitor) throws IOException {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            // File systems round times; a second too much costs nothing.
            boolean tooOld = since != null && part.changed().plusSeconds(2).isBefore(since);
            if (!tooOld && !forEach(i, part, visitor)) {
                return;
            }
        }
    }

    /** The bytes of a line. */
    public byte[] read(Place place) throws IOException {
        var line = ByteBuffer.allocate(place.length());
        while (line.hasRemaining()) {
            if (parts.get(place.part()).channel().read(line, place.offset() + line.position()) < 0) {
                throw new IOException("net.log has become shorter");
            }
        }
        return line.array();
    }

    @Override
    public void close() {
        for (Part each : parts) {
            try {
                each.channel().close();
            } catch (IOException nothingIsLost) {
                // It was read only.
            }
        }
    }

    private static boolean forEach(int number, Part part, Visitor visitor) throws IOException {
        part.channel().position(0);
        InputStream in = new BufferedInputStream(Channels.newInputStream(part.channel()), BUFFER);
        var chunk = new byte[BUFFER];
        var line = new byte[BUFFER];
        int length = 0;
        long start = 0;
        for (long left = part.size(); left > 0; ) {
            int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (read < 0) {
                throw new IOException("net.log has become shorter");
            }
            long at = part.size() - left;
            left -= read;
            for (int from = 0; from < read; ) {
                int end = newline(chunk, from, read);
                int more = end - from;
                if (length + more > line.length && length <= MAX_LINE) {
                    line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
                }
                if (length <= MAX_LINE) {
                    System.arraycopy(chunk, from, line, length, more);
                    length += more;
                }
                if (end < read) {
                    if (length <= MAX_LINE && !visitor.line(line, length, new Place(number, start, length))) {
                        return false;
                    }
                    length = 0;
                    start = at + end + 1;
                }
                from = end + 1;
            }
        }
        return true;
    }

    /** The place of the next newline, or {@code to}. */
    private static int newline(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }
}
