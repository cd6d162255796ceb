package dev.parley.node.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;

/**
 * The log handler that net.log is written by. Lines come as bytes and are written as they are, many at once; the file is rotated
 * when it is told to. Used by one thread.
 */
final class NetLogHandler extends ExtHandler {
    static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int BUFFER = 1 << 18;

    private final Path path;
    private final int keep;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private FileChannel channel;
    private long written;
    /** Behind it is what a failed write may have left. */
    private long good;

    private IOException failure;

    /** A line, as bytes. */
    static final class LineRecord extends ExtLogRecord {
        private static final long serialVersionUID = 1L;

        private final transient NetLogHandler to;
        private final transient byte[] bytes;
        private final transient int length;

        /** @param text for whoever else listens to the category; the bytes change once the call returns */
        LineRecord(NetLogHandler to, Level level, String text, byte[] bytes, int length, String category) {
            super(level, text, FormatStyle.NO_FORMAT, category);
            this.to = to;
            this.bytes = bytes;
            this.length = length;
        }
    }

    NetLogHandler(Path path, int keep) throws IOException {
        this.path = path;
        this.keep = keep;
        open();
    }

    @Override
    protected void doPublish(ExtLogRecord record) {
        // The category is open to everybody in the process; a line from elsewhere, or of another log, would break the
        // chain.
        if (record instanceof LineRecord line && line.to == this) {
            put(line.bytes, line.length);
        }
    }

    /** Bytes of the file, and of what waits to be written to it. */
    long size() {
        return written + buffer.position();
    }

    /** Goes on at the end of the file as it is now. */
    void resume() throws IOException {
        written = channel.size();
        good = written;
    }

    /** Ends a torn line. */
    void endLine() {
        put(new byte[0], 0);
    }

    /** Hands all lines to the operating system. @return what went wrong since the last call, or null: then all is written */
    IOException write() {
        drain();
        var seen = failure;
        failure = null;
        if (seen == null) {
            good = written;
        }
        return seen;
    }

    /** Removes from the file what was written since the last {@link #write} that succeeded. @throws IOException if it stays */
    void takeBack() throws IOException {
        buffer.clear();
        failure = null;
        if (channel == null) {
            open();
        }
        channel.truncate(good);
        written = good;
    }

    /** Forces what is written to the disk. */
    void force() throws IOException {
        channel.force(false);
    }

    /** Begins a new file; what waits was written before. */
    void rotate() throws IOException {
        channel.force(false);
        int last = 1;
        while (last < keep && Files.exists(rotated(last))) {
            last++;
        }
        for (int i = last; i > 1; i--) {
            Files.move(rotated(i - 1), rotated(i), StandardCopyOption.REPLACE_EXISTING);
        }
        channel.close();
        channel = null;
        written = 0;
        good = 0;
        Files.move(path, rotated(1), StandardCopyOption.REPLACE_EXISTING);
        open();
    }

    private Path rotated(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private void open() throws IOException {
        try {
            channel = FileChannel.open(path, StandardOpenOption.WRITE);
        } catch (NoSuchFileException absent) {
            channel =
                    FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        }
        resume();
    }

    private void put(byte[] bytes, int length) {
        for (int from = 0; from < length; ) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int some = Math.min(buffer.remaining(), length - from);
            buffer.put(bytes, from, some);
            from += some;
        }
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) '\n');
    }

    private void drain() {
        buffer.flip();
        try {
            if (channel == null) {
                open();
            }
            while (buffer.hasRemaining() && failure == null) {
                written += channel.write(buffer, written);
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            buffer.clear();
        }
    }

    @Override
    public void flush() {
        // NetLog writes what waits, and learns whether that was possible.
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            reportError("net.log cannot be closed", e, java.util.logging.ErrorManager.CLOSE_FAILURE);
        }
        super.close();
    }

    static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
