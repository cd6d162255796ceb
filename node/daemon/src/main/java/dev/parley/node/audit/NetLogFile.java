package dev.parley.node.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.logging.ErrorManager;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.SizeRotatingFileHandler;

/**
 * The file under {@link NetLog}: a handler of the logging category {@value #CATEGORY}, rotated by size. Used by one
 * thread.
 */
final class NetLogFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    /** The category that each line is logged to; its lines go to net.log alone, not to the console. */
    static final String CATEGORY = "dev.parley.audit";

    private static final Pattern SEQ = Pattern.compile("^\\{\"time\":\"[^\"]*\",\"seq\":(\\d{1,18}),");
    /** Longer than the line of the longest frame, 8 MiB of plaintext in base64. */
    private static final int MAX_LINE = 12 << 20;

    private final Logger category;
    private final SizeRotatingFileHandler handler;
    private final long lastSeq;
    private IOException failure;

    private NetLogFile(SizeRotatingFileHandler handler, long lastSeq) {
        this.handler = handler;
        this.lastSeq = lastSeq;
        this.category = LogContext.getLogContext().getLogger(CATEGORY);
    }

    static NetLogFile open(Path path, long rotateBytes, int rotateKeep) throws IOException {
        long lastSeq = prepare(path);
        if (lastSeq == 0 && Files.size(path) == 0) {
            var rotated = path.resolveSibling(path.getFileName() + ".1");
            lastSeq = Files.exists(rotated) ? lastSeqIn(rotated) : 0;
        }
        var handler = new OwnerOnlyHandler(path);
        handler.setFormatter(new PatternFormatter("%s%n"));
        handler.setEncoding(StandardCharsets.UTF_8.name());
        handler.setAppend(true);
        handler.setRotateSize(rotateBytes);
        handler.setMaxBackupIndex(rotateKeep);
        // One write a batch; NetLog flushes before it says that anything is written.
        handler.setAutoFlush(false);
        handler.setFile(path.toFile());
        var file = new NetLogFile(handler, lastSeq);
        handler.setErrorManager(new ErrorManager() {
            @Override
            public void error(String message, Exception cause, int code) {
                file.failure = new IOException(cause == null ? message : cause.getMessage(), cause);
            }
        });
        file.category.setUseParentHandlers(false);
        file.category.setLevel(org.jboss.logmanager.Level.ALL);
        file.category.addHandler(handler);
        return file;
    }

    /** The number of the last line that was there when the file was opened; 0 if none. */
    long lastSeq() {
        return lastSeq;
    }

    void append(String line, Level level) {
        category.logRaw(new ExtLogRecord(
                switch (level) {
                    case INFO -> org.jboss.logmanager.Level.INFO;
                    case WARN -> org.jboss.logmanager.Level.WARN;
                    case ALARM -> org.jboss.logmanager.Level.ERROR;
                },
                line,
                ExtLogRecord.FormatStyle.NO_FORMAT,
                CATEGORY));
    }

    /** Hands all lines to the operating system; returns what went wrong since the last call, or null. */
    IOException flush() {
        handler.flush();
        var seen = failure;
        failure = null;
        return seen;
    }

    void close() {
        category.removeHandler(handler);
        handler.close();
    }

    /** Makes every file that rotation begins readable to its owner alone; the handler itself leaves that to the umask. */
    private static final class OwnerOnlyHandler extends SizeRotatingFileHandler {
        private final Path path;

        OwnerOnlyHandler(Path path) {
            this.path = path;
        }

        @Override
        public void setOutputStream(OutputStream out) {
            super.setOutputStream(out);
            if (out != null) {
                try {
                    Files.setPosixFilePermissions(path, OWNER_ONLY);
                } catch (IOException unprotected) {
                    throw new UncheckedIOException(unprotected);
                }
            }
        }
    }

    /** Makes the file if need be, ends a line that a crash has torn, and returns the number of the last whole line. */
    private static long prepare(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            return 0;
        }
        long seq = lastSeqIn(path);
        if (!endsWithNewline(path)) {
            Files.write(path, new byte[] {'\n'}, StandardOpenOption.APPEND);
        }
        return seq;
    }

    private static boolean endsWithNewline(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            if (file.length() == 0) {
                return true;
            }
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }

    private static long lastSeqIn(Path path) throws IOException {
        byte[] tail;
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            tail = new byte[(int) Math.min(file.length(), MAX_LINE)];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
        }
        // Backwards: the last line may be torn inside its number's neighbours, then the one before counts.
        for (int end = tail.length; end > 0; ) {
            int start = lastNewline(tail, end - 1) + 1;
            var head = new String(tail, start, Math.min(end - start, 128), StandardCharsets.UTF_8);
            Matcher matcher = SEQ.matcher(head);
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1));
            }
            end = start - 1;
        }
        return 0;
    }

    private static int lastNewline(byte[] bytes, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
