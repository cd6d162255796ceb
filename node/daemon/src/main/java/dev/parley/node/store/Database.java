package dev.parley.node.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One SQLite file (write-ahead log, synchronous FULL) behind one writer thread and {@value #READERS} reader threads. The
 * writer takes all that waits into one transaction, so that one commit, and one wait for the disk, serves all of it.
 */
public final class Database implements AutoCloseable {

    /**
     * What is done in a transaction. It may run a second time, alone, when something else in its transaction failed: so it
     * changes nothing but the database.
     */
    @FunctionalInterface
    public interface Work<T> {
        T run(Tx tx) throws SQLException;
    }

    private static final Logger LOG = Logger.getLogger(Database.class);

    /** Schema versions so far; file {@code schema-N.sql} leads from N - 1 to N. */
    private static final int SCHEMA = 4;

    private static final int READERS = 2;
    /** Work in one transaction: beyond, waiting longer gains nothing. */
    private static final int BATCH = 1_024;

    private static final long LAZY_MILLIS = 10;
    private static final int PAGE_CACHE_KIB = 16_384;
    private static final int CHECKPOINT_PAGES = 4_000;
    private static final long WAL_LIMIT = 64L << 20;
    /** More than most messages have. */
    private static final int PROBE_BYTES = 128 << 10;

    private static final String DRIVER_DIRECTORY = "org.sqlite.tmpdir";
    private static final String UNDO = "a write to the store failed";

    private final Path file;
    private final Connection writing;
    private final Tx tx;
    private final Thread writer;
    private final List<Thread> readers = new ArrayList<>();
    private final List<Connection> reading = new ArrayList<>();
    private final LinkedBlockingQueue<Runnable> reads = new LinkedBlockingQueue<>();
    private final AtomicLong commits = new AtomicLong();
    private final Consumer<Boolean> onWritable;

    private final ArrayDeque<Pending<?>> queue = new ArrayDeque<>();
    /** How much in the queue is not lazy. */
    private int urgent;
    /** When the queue's first came into it. */
    private long waitingSince;

    private boolean closing;
    private volatile boolean writable = true;
    private volatile long lastCommitNanos;
    private volatile LongConsumer onCommit = nanos -> {};

    /** @param lazy whether it waits for others to share their commit */
    private record Pending<T>(Work<T> work, CompletableFuture<T> done, boolean lazy) {}

    private Database(Path file, Connection writing, Consumer<Boolean> onWritable) {
        this.file = file;
        this.writing = writing;
        this.tx = new Tx(writing);
        this.onWritable = onWritable;
        this.writer = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::writeAll);
    }

    /**
     * Opens the file, made with mode 0600 if it is missing, and brings its schema up to date.
     *
     * @param maxBytes the most that the file may grow to
     * @param onWritable told, on the writer's thread, when writing begins to fail and when it works again
     * @throws StoreException.Unusable if it is damaged or of a newer version
     */
    static Database open(Path file, long maxBytes, Consumer<Boolean> onWritable) throws IOException {
        prepareDriver(file.resolveSibling("native").toAbsolutePath());
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Connection connection = null;
        try {
            connection = connect(file, false);
            migrate(connection, file);
            limit(connection, maxBytes);
            var database = new Database(file, connection, onWritable);
            for (int i = 0; i < READERS; i++) {
                Connection own = connect(file, true);
                database.reading.add(own);
                database.readers.add(
                        Thread.ofPlatform().name("store-reader-" + i).daemon().unstarted(() -> database.readAll(own)));
            }
            database.commits.set(new Tx(connection).number("SELECT COALESCE(MAX(commits), 0) FROM meta"));
            database.writer.start();
            database.readers.forEach(Thread::start);
            return database;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw failure(file + " cannot be used", e);
        } catch (RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /**
     * Does work in a transaction that other work may share.
     *
     * @return completes on the writer's thread once the commit is durable; what hangs on it must be brief. Completes
     *     with a {@link StoreException}, or with what the work threw, if nothing of it was done.
     */
    public <T> CompletableFuture<T> write(Work<T> work) {
        return enqueue(new Pending<>(work, new CompletableFuture<>(), false));
    }

    /**
     * Like {@link #write}, in the same order, for what nobody waits for and a death of the process may take along: it is not
     * worth a wait for the disk of its own, so it shares the next one, or has one after {@value #LAZY_MILLIS} ms.
     */
    public <T> CompletableFuture<T> writeLazily(Work<T> work) {
        return enqueue(new Pending<>(work, new CompletableFuture<>(), true));
    }

    private <T> CompletableFuture<T> enqueue(Pending<T> pending) {
        synchronized (queue) {
            if (closing) {
                pending.done.completeExceptionally(new StoreException("the store is closed", null));
                return pending.done;
            }
            if (queue.isEmpty()) {
                waitingSince = System.nanoTime();
            }
            queue.add(pending);
            if (!pending.lazy) {
                urgent++;
            }
            // Of what is lazy only the first has something to tell the writer: how long it may wait.
            if (!pending.lazy || queue.size() == 1) {
                queue.notifyAll();
            }
        }
        return pending.done;
    }

    /** Does work that changes nothing, on what was committed before. @return completes on a reader's thread */
    public <T> CompletableFuture<T> read(Work<T> work) {
        var done = new CompletableFuture<T>();
        reads.add(new Read<>(work, done));
        return done;
    }

    /** Transactions that were committed since the store was made. */
    public long commits() {
        return commits.get();
    }

    /** How long the last commit took, waiting for the disk included. */
    public long lastCommitNanos() {
        return lastCommitNanos;
    }

    /** Has it told, on the writer's thread, how long each commit took, in nanoseconds. */
    void onCommit(LongConsumer listener) {
        onCommit = listener;
    }

    /** How much work waits for the writer. */
    public int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /** False from a write that found no room to a {@link #probe} that did: what is small may still succeed meanwhile. */
    public boolean isWritable() {
        return writable;
    }

    /** Tries whether there is room again. @return completes with whether there is; never exceptionally */
    public CompletableFuture<Boolean> probe() {
        return write(tx -> {
                    // Deleted content is overwritten, so the write-ahead log has to take all of it.
                    tx.update("INSERT INTO seen (peer, id, until) VALUES (x'', zeroblob(?), 0)", PROBE_BYTES);
                    return tx.update("DELETE FROM seen WHERE peer = x''");
                })
                .handle((done, failure) -> {
                    if (failure == null) {
                        setWritable(true);
                    }
                    return failure == null;
                });
    }

    public Path file() {
        return file;
    }

    /** Bytes on the disk, the write-ahead log included. */
    public long bytes() {
        return size(file) + size(file.resolveSibling(file.getFileName() + "-wal"));
    }

    /** Writes a consistent copy, made while others go on. The file must not exist. */
    public CompletableFuture<Void> copyTo(Path target) {
        return read(tx -> {
            tx.update("VACUUM INTO ?", target.toString());
            return null;
        });
    }

    /** Gives the room of what was deleted back to the disk; nothing else is written meanwhile. */
    public CompletableFuture<Void> compact() {
        return alone(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("VACUUM");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        });
    }

    /** Does what waits, then closes the file. */
    @Override
    public void close() {
        synchronized (queue) {
            closing = true;
            queue.notifyAll();
        }
        join(writer);
        readers.forEach(Thread::interrupt);
        readers.forEach(Database::join);
        reading.forEach(Database::closeQuietly);
        closeQuietly(writing);
    }

    /** Something that no transaction may surround. */
    private interface Alone {
        void run(Connection connection) throws SQLException;
    }

    private record Maintenance(Alone task) implements Work<Void> {
        @Override
        public Void run(Tx tx) {
            throw new IllegalStateException("it runs outside of transactions");
        }
    }

    private CompletableFuture<Void> alone(Alone task) {
        return write(new Maintenance(task));
    }

    private record Read<T>(Work<T> work, CompletableFuture<T> done) implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("a reader runs it");
        }

        void run(Tx tx) {
            try {
                done.complete(work.run(tx));
            } catch (SQLException e) {
                done.completeExceptionally(failure("the store cannot be read", e));
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        }
    }

    private void readAll(Connection connection) {
        Tx view = new Tx(connection);
        try {
            while (true) {
                ((Read<?>) reads.take()).run(view);
            }
        } catch (InterruptedException closed) {
            for (Runnable each = reads.poll(); each != null; each = reads.poll()) {
                ((Read<?>) each).done.completeExceptionally(new StoreException("the store is closed", null));
            }
        }
    }

    private void writeAll() {
        List<Pending<?>> batch = new ArrayList<>(BATCH);
        while (take(batch)) {
            if (batch.getFirst().work instanceof Maintenance) {
                maintain(batch.getFirst());
            } else {
                commit(batch);
            }
            batch.clear();
        }
    }

    /** False when closed and all is done. Maintenance comes alone. */
    private boolean take(List<Pending<?>> batch) {
        synchronized (queue) {
            awaitWork();
            while (!queue.isEmpty()
                    && batch.size() < BATCH
                    && (batch.isEmpty()
                            || !(batch.getFirst().work instanceof Maintenance)
                                    && !(queue.peek().work instanceof Maintenance))) {
                Pending<?> next = queue.poll();
                urgent -= next.lazy ? 0 : 1;
                batch.add(next);
            }
            return !batch.isEmpty();
        }
    }

    /** Holding the queue: until there is something that is worth a commit, or the store is closed. */
    private void awaitWork() {
        while (urgent == 0 && !closing) {
            long left = 0;
            if (!queue.isEmpty()) {
                left = LAZY_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - waitingSince);
                if (left <= 0) {
                    return;
                }
            }
            try {
                queue.wait(left);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the writer", e);
            }
        }
    }

    private void commit(List<Pending<?>> batch) {
        long begun = System.nanoTime();
        List<Object> results = new ArrayList<>(batch.size());
        try {
            begin();
            for (Pending<?> each : batch) {
                results.add(each.work.run(tx));
            }
            end();
        } catch (SQLException | RuntimeException | Error e) {
            rollBack();
            if (batch.size() == 1) {
                fail(batch.getFirst(), e);
            } else {
                // One of them is to blame; each gets a transaction of its own.
                batch.forEach(each -> commit(List.of(each)));
            }
            return;
        }
        lastCommitNanos = System.nanoTime() - begun;
        onCommit.accept(lastCommitNanos);
        CrashPoint.STORE_AFTER_COMMIT.reached();
        for (int i = 0; i < batch.size(); i++) {
            complete(batch.get(i), results.get(i));
        }
    }

    private void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
        tx.update("UPDATE meta SET commits = commits + 1");
    }

    private void end() throws SQLException {
        CrashPoint.STORE_BEFORE_COMMIT.reached();
        execute("COMMIT");
        commits.incrementAndGet();
    }

    private void rollBack() {
        try {
            execute("ROLLBACK");
        } catch (SQLException nothingToUndo) {
            // SQLite has rolled back by itself, as it does on a full disk.
            LOG.debug(UNDO, nothingToUndo);
        }
    }

    private void maintain(Pending<?> pending) {
        try {
            // A connection of its own: the driver keeps statements of the other one open.
            try (Connection connection = connect(file, false)) {
                ((Maintenance) pending.work).task.run(connection);
            }
            complete(pending, null);
        } catch (SQLException | RuntimeException e) {
            fail(pending, e);
        }
    }

    @SuppressWarnings("unchecked") // The result is what this very work returned.
    private static <T> void complete(Pending<T> pending, Object result) {
        pending.done.complete((T) result);
    }

    private void fail(Pending<?> pending, Throwable cause) {
        if (cause instanceof SQLException sql) {
            StoreException failure = failure("the store cannot be written", sql);
            if (failure instanceof StoreException.Full) {
                setWritable(false);
            }
            pending.done.completeExceptionally(failure);
        } else {
            pending.done.completeExceptionally(cause);
        }
    }

    private void setWritable(boolean now) {
        if (writable != now) {
            writable = now;
            onWritable.accept(now);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = writing.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(Path file, boolean readOnly) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(Math.toIntExact(TimeUnit.SECONDS.toMillis(10)));
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-PAGE_CACHE_KIB);
        config.enforceForeignKeys(true);
        if (!readOnly) {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setJournalSizeLimit(Math.toIntExact(WAL_LIMIT));
        }
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        if (!readOnly) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
                // Deleted messages are overwritten, not only unlinked.
                statement.execute("PRAGMA secure_delete = ON");
            }
        }
        return connection;
    }

    /**
     * The driver unpacks its native library: not into a directory that others share, and not beside those that processes
     * left behind which did not end by themselves.
     */
    private static synchronized void prepareDriver(Path directory) throws IOException {
        String chosen = System.getProperty(DRIVER_DIRECTORY);
        if (chosen != null && Files.isDirectory(Path.of(chosen))) {
            return;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var left = Files.newDirectoryStream(directory)) {
            for (Path each : left) {
                Files.delete(each);
            }
        }
        System.setProperty(DRIVER_DIRECTORY, directory.toString());
    }

    private static void migrate(Connection connection, Path file) throws SQLException {
        Tx view = new Tx(connection);
        long version = view.number("PRAGMA user_version");
        if (version > SCHEMA) {
            throw new StoreException.Unusable(
                    file + " was written by a newer version of the node (schema " + version + ", this one knows "
                            + SCHEMA + "): start that version",
                    null);
        }
        for (long next = version + 1; next <= SCHEMA; next++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                for (String each : script("schema-" + next + ".sql")) {
                    statement.execute(each);
                }
                statement.execute("PRAGMA user_version = " + next);
                statement.execute("COMMIT");
            }
        }
    }

    /** The statements of a schema's file. */
    static List<String> script(String name) {
        try (InputStream in = Database.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\\n]*", "");
            return java.util.Arrays.stream(text.split(";\\s*(\\n|$)"))
                    .map(String::strip)
                    .filter(each -> !each.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void limit(Connection connection, long maxBytes) throws SQLException {
        Tx view = new Tx(connection);
        long page = view.number("PRAGMA page_size");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + Math.max(1, maxBytes / page));
        }
    }

    static StoreException failure(String what, SQLException cause) {
        int code = cause instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : 0;
        if (code == SQLiteErrorCode.SQLITE_FULL.code
                || code == SQLiteErrorCode.SQLITE_IOERR.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_READONLY.code) {
            return new StoreException.Full(what + ": the disk is full, or cannot be written", cause);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new StoreException.Unusable(
                    what + ": it is damaged; 'parley restore' puts a backup in its place", cause);
        }
        return new StoreException(what + ": " + cause.getMessage(), cause);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException absent) {
            return 0;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("a connection to the store did not close", e);
            }
        }
    }
}
