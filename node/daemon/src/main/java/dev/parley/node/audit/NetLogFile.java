package dev.parley.node.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/**
 * The file under {@link NetLog}: a handler of the logging category {@value #CATEGORY}. Used by one thread.
 */
final class NetLogFile {
    /** The category that each line is logged to; its lines go to net.log alone, not to the console. */
    static final String CATEGORY = "dev.parley.audit";

    private final Logger category;
    private final NetLogHandler handler;
    private final LogTail tail;
    private final long rotateBytes;
    private boolean takenBack = true;

    private NetLogFile(NetLogHandler handler, LogTail tail, long rotateBytes) {
        this.handler = handler;
        this.tail = tail;
        this.rotateBytes = rotateBytes;
        this.category = LogContext.getLogContext().getLogger(CATEGORY);
    }

    /** Opens the file, made with mode 0600 if it is missing. */
    static NetLogFile open(Path path, long rotateBytes, int rotateKeep) throws IOException {
        undoHalfARotation(path);
        var handler = new NetLogHandler(path, rotateKeep);
        // A device in its place, as in tests, has no end to read.
        var tail = Files.isRegularFile(path)
                ? LogTail.read(path)
                : new LogTail(0, dev.parley.evidence.LineHead.noLine(), null, null, null, 0, null);
        var file = new NetLogFile(handler, tail, rotateBytes);
        handler.resume();
        file.category.setUseParentHandlers(false);
        file.category.setLevel(org.jboss.logmanager.Level.ALL);
        file.category.addHandler(handler);
        return file;
    }

    /** How the file ended when it was opened. */
    LogTail tail() {
        return tail;
    }

    /** Takes a line that waits to be written; the bytes are free again when this returns. */
    void append(byte[] line, int length, Level level) {
        boolean others = category.getHandlers().length > 1;
        category.logRaw(new NetLogHandler.LineRecord(
                handler,
                switch (level) {
                    case INFO -> org.jboss.logmanager.Level.INFO;
                    case WARN -> org.jboss.logmanager.Level.WARN;
                    case ALARM -> org.jboss.logmanager.Level.ERROR;
                },
                others ? NetLogHandler.text(line, length) : "",
                line,
                length,
                CATEGORY));
    }

    /** Ends the line that a crash has torn. */
    void endTornLine() {
        handler.endLine();
    }

    /** Whether the file is as long as it may be. */
    boolean isFull() {
        return handler.size() >= rotateBytes;
    }

    /** Whether nothing is in it yet. */
    boolean isEmpty() {
        return handler.size() == 0;
    }

    /** Begins a new file; nothing waits to be written. */
    void rotate() throws IOException {
        handler.rotate();
    }

    /** Hands all lines to the operating system; returns what went wrong, or null. What went wrong is taken back at once, or before the next line. */
    IOException write() {
        var failure = handler.write();
        if (failure != null) {
            takenBack = false;
            try {
                takeBack();
            } catch (IOException stays) {
                failure.addSuppressed(stays);
            }
        }
        return failure;
    }

    /** Drops what waits to be written, and what of it was written already. */
    void drop() {
        takenBack = false;
        try {
            takeBack();
        } catch (IOException later) {
            // It is tried again before the next line.
            return;
        }
    }

    /** Sees to it that nothing half written is in the file. @throws IOException if it is there still */
    void takeBack() throws IOException {
        if (!takenBack) {
            handler.takeBack();
            takenBack = true;
        }
    }

    /** Returns when all that was written is on the disk. */
    void force() throws IOException {
        handler.force();
    }

    void close() {
        category.removeHandler(handler);
        handler.close();
    }

    /**
     * A node that was killed between the renaming of a full file and the first line of the next one has left a file without a line.
     * The full one goes back into its place, with what was torn at its end: it is found full again, and rotated again.
     */
    private static void undoHalfARotation(Path path) throws IOException {
        var rotated = path.resolveSibling(path.getFileName() + ".1");
        if (!Files.exists(rotated) || Files.exists(path) && !Files.isRegularFile(path)) {
            return;
        }
        if (Files.exists(path)) {
            byte[] begun = withoutALine(path);
            if (begun == null) {
                return;
            }
            try (var out = FileChannel.open(rotated, Set.of(StandardOpenOption.APPEND))) {
                var bytes = ByteBuffer.wrap(begun);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
        }
        Files.move(rotated, path, StandardCopyOption.REPLACE_EXISTING);
    }

    /** All of a file that has no line end; null if it has one. */
    private static byte[] withoutALine(Path path) throws IOException {
        if (Files.size(path) > dev.parley.evidence.Checkpoint.MAX_LENGTH) {
            return null;
        }
        byte[] all = Files.readAllBytes(path);
        for (byte each : all) {
            if (each == '\n') {
                return null;
            }
        }
        return all;
    }
}
