package dev.parley.node.store;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.StoreEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Everything that the node keeps of messages and files: one database, and one key that seals what in it is private. The key
 * is wrapped by the identity key, so the file says nothing without that. Open from the start of the node to its end.
 */
@ApplicationScoped
public class Store {

    /** The database's name in the data directory. */
    public static final String FILE = "store.db";

    private static final Logger LOG = Logger.getLogger(Store.class);
    private static final String RESTORE = "store.restore";
    private static final byte[] CHECK = Vault.place("vault check");
    private static final Duration MARK_EVERY = Duration.ofSeconds(5);
    private static final Duration FREE_EVERY = Duration.ofMillis(200);
    private static final Duration ROOM_EVERY = Duration.ofSeconds(2);
    private static final int ID_BYTES = 16;

    private final AuditLog audit;
    private final ParleyConfig.Store config;
    private final SecureRandom random = new SecureRandom();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> warned = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService marker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("store-mark").factory());

    private Path directory;
    private FileStore disk;
    private IdentityKey key;
    private volatile long free;
    private volatile long freeLookedAt = System.nanoTime() - 2 * FREE_EVERY.toNanos();
    private volatile Database database;
    private volatile Vault vault;
    private StoreMark mark;
    private UUID id;
    private boolean stoppedCleanly;
    private volatile boolean roomy = true;
    private volatile LongConsumer onCommit = nanos -> {};

    Store(AuditLog audit, ParleyConfig config) {
        this.audit = audit;
        this.config = config.store();
    }

    /**
     * Opens the store, made if there is none, and puts a backup in its place first where one was handed in. Blocks.
     *
     * @throws StoreException.Unusable if what is there is damaged, of a newer version or another node's
     */
    public void open(Path dataDirectory, IdentityKey key) throws IOException {
        open(dataDirectory, key, Optional.empty());
    }

    /** The same. @param before the identity key until now: a store whose key it wraps is wrapped anew */
    public void open(Path dataDirectory, IdentityKey key, Optional<IdentityKey> before) throws IOException {
        directory = dataDirectory.toAbsolutePath();
        disk = Files.getFileStore(directory);
        this.key = key;
        Path file = directory.resolve(FILE);
        removeLeftovers();
        boolean restored = replaceByBackup(file);
        mark = new StoreMark(directory.resolve("store.mark"));
        database = Database.open(file, config.maxSize().asLongValue(), writable -> hasRoom());
        database.onCommit(nanos -> onCommit.accept(nanos));
        try {
            Opened opened = database.write(tx -> prepare(tx, key, before)).join();
            id = opened.id();
            stoppedCleanly = opened.clean();
            vault = opened.vault();
            compareWithMark(restored);
            mark.write(id, database.commits());
            marker.scheduleWithFixedDelay(
                    this::markNow, MARK_EVERY.toMillis(), MARK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            marker.scheduleWithFixedDelay(
                    this::lookForRoom, ROOM_EVERY.toMillis(), ROOM_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (CompletionException e) {
            database.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Writes what waits, and closes. */
    public void close() {
        if (vault == null) {
            return;
        }
        marker.shutdownNow();
        try {
            database.write(tx -> tx.update("UPDATE meta SET open = 0")).join();
            database.close();
            mark.write(id, database.commits());
        } catch (CompletionException | IOException e) {
            LOG.errorf("the store did not close as it should: %s", e.getMessage());
        }
        vault.close();
    }

    public Database database() {
        if (database == null) {
            throw new IllegalStateException("the store is not open yet");
        }
        return database;
    }

    public Vault vault() {
        return vault;
    }

    public Path directory() {
        return directory;
    }

    /** Whether the node that had it open before ended as it should. */
    public boolean stoppedCleanly() {
        return stoppedCleanly;
    }

    /** Whether anything may be taken in: the last write found room, and the disk keeps its reserve. */
    public boolean hasRoom() {
        Database now = database;
        boolean room = now != null
                && now.isWritable()
                && freeBytes() > config.reserve().asLongValue();
        if (room != roomy) {
            tell(room);
        }
        return room;
    }

    /** Room on the disk, bytes, as of a moment ago. */
    public long freeBytes() {
        long now = System.nanoTime();
        // The messages of a moment must not each ask the kernel.
        if (now - freeLookedAt > FREE_EVERY.toNanos()) {
            freeLookedAt = now;
            try {
                free = disk.getUsableSpace();
            } catch (IOException unknown) {
                free = Long.MAX_VALUE;
            }
        }
        return free;
    }

    /** What the operator should know, one sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Tells the operator something about the store, once. */
    public void warn(String warning) {
        if (!warnings.contains(warning)) {
            warnings.add(warning);
            LOG.warn(warning);
            warned.forEach(each -> each.accept(warning));
        }
    }

    /** Has it told, on the writer's thread, how long each commit takes, in nanoseconds; to be called before it is opened. */
    public void onCommit(LongConsumer listener) {
        onCommit = listener;
    }

    /** Whether it has been opened. */
    public boolean isOpen() {
        return vault != null;
    }

    /** Has warnings told from now on. */
    public void onWarning(Consumer<String> listener) {
        warned.add(listener);
    }

    /** A new file with a consistent copy, for its taker to delete. Blocks. */
    public Path backup() throws IOException {
        Path copy = directory.resolve("backup-" + UUID.randomUUID() + ".tmp");
        try {
            database.copyTo(copy).join();
            Backups.stamp(copy, Instant.now());
            audit.record(new StoreEvent.StoreBackedUp(Files.size(copy)));
            return copy;
        } catch (CompletionException e) {
            Files.deleteIfExists(copy);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** A place to put a backup before {@link #restoreAtNextStart}. */
    public Path newBackupFile() {
        return directory.resolve("restore-" + UUID.randomUUID() + ".tmp");
    }

    /**
     * Checks a backup, and has it take the store's place at the next start. Blocks.
     *
     * @throws StoreException.Unusable if it is damaged, or of another node
     */
    public Backups.Content restoreAtNextStart(Path backup) throws IOException {
        Backups.Content content = Backups.check(backup, key);
        Files.move(
                backup,
                directory.resolve(RESTORE),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        audit.record(new StoreEvent.StoreRestoreRequested(content.bytes(), content.madeAt()));
        warn("a backup of " + content.madeAt() + " takes the place of the store when the node starts the next time");
        return content;
    }

    private record Opened(UUID id, boolean clean, Vault vault) {}

    /** In the first transaction: makes the store's own row or reads it, and begins a run of the vault. */
    private Opened prepare(Tx tx, IdentityKey key, Optional<IdentityKey> before) throws SQLException {
        if (tx.number("SELECT COUNT(*) FROM meta") == 0) {
            makeStore(tx, key);
        }
        UUID store =
                tx.first("SELECT store FROM meta", row -> Tx.uuid(row, "store")).orElseThrow();
        boolean clean = tx.number("SELECT open FROM meta") == 0;
        byte[] wrapped =
                tx.first("SELECT wrapped_key FROM meta", row -> row.getBytes(1)).orElseThrow();
        tx.update("INSERT INTO vault (salt) VALUES (?)", Vault.newSalt(random));
        Vault opened = openVault(tx, key, before, wrapped);
        tx.update("UPDATE meta SET open = 1");
        return new Opened(store, clean, opened);
    }

    private void makeStore(Tx tx, IdentityKey key) throws SQLException {
        byte[] storeId = new byte[ID_BYTES];
        random.nextBytes(storeId);
        byte[] bytes = new byte[KeyTransport.SECRET];
        random.nextBytes(bytes);
        try (Secret fresh = Secret.own(bytes)) {
            byte[] wrapped = KeyTransport.wrap(key.publicKey(), fresh, Crypto.best(), random);
            tx.update(
                    "INSERT INTO meta (one, store, wrapped_key, made_at, commits, open) VALUES (1, ?, ?, ?, 1, 0)",
                    storeId,
                    wrapped,
                    Instant.now());
        } catch (CryptoException e) {
            throw new StoreException("the identity key cannot wrap a store key", e);
        }
    }

    /** A death after the store was wrapped for the new key leaves one that the old key does not open: so the new one is tried first. */
    private Vault openVault(Tx tx, IdentityKey key, Optional<IdentityKey> before, byte[] wrapped) throws SQLException {
        try {
            return openVault(tx, key, wrapped);
        } catch (StoreException.Unusable notYet) {
            if (before.isEmpty()) {
                throw notYet;
            }
            Vault opened = openVault(tx, before.get(), wrapped);
            tx.update("UPDATE meta SET wrapped_key = ?", (Object) opened.wrappedFor(key.publicKey(), random));
            return opened;
        }
    }

    /** The vault, once it has opened what only the right key opens. */
    static Vault openVault(Tx tx, IdentityKey key, byte[] wrapped) throws SQLException {
        Map<Integer, byte[]> salts = new HashMap<>();
        tx.list("SELECT run, salt FROM vault", row -> salts.put(row.getInt(1), row.getBytes(2)));
        int run = salts.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Secret storeKey = KeyTransport.unwrap(key, wrapped, Crypto.best(), new SecureRandom());
        Vault vault = new Vault(storeKey, salts, run);
        byte[] check =
                tx.list("SELECT vault_check FROM meta", row -> row.getBytes(1)).getFirst();
        if (check == null) {
            tx.update("UPDATE meta SET vault_check = ?", (Object) vault.seal(CHECK, CHECK));
            return vault;
        }
        try {
            vault.open(CHECK, check);
            return vault;
        } catch (StoreException.Unusable e) {
            vault.close();
            throw new StoreException.Unusable(
                    FILE + " belongs to another identity key than identity.pem: put the right one back, or move " + FILE
                            + " away to begin with an empty store",
                    e);
        }
    }

    /** Copies that nobody took before the process died. */
    private void removeLeftovers() throws IOException {
        try (var copies = Files.newDirectoryStream(directory, "{backup,restore}-*.tmp")) {
            for (Path each : copies) {
                Files.delete(each);
            }
        }
    }

    private boolean replaceByBackup(Path file) throws IOException {
        Path backup = directory.resolve(RESTORE);
        if (!Files.exists(backup)) {
            return false;
        }
        // The write-ahead log belongs to the old file: beside the new one it would be taken for its own.
        Files.deleteIfExists(directory.resolve(FILE + "-wal"));
        Files.deleteIfExists(directory.resolve(FILE + "-shm"));
        if (Files.exists(file)) {
            Files.move(
                    file, directory.resolve("store.before-restore"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(backup, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private void compareWithMark(boolean restored) {
        var before = mark.read();
        if (restored) {
            audit.record(new StoreEvent.StoreRestored(
                    database.commits(), before.map(StoreMark.Value::commits).orElse(0L)));
            warn("the store was restored from a backup: messages since then are missing here, and what waited then may"
                    + " be sent a second time; peers tell by the id what they have already");
        } else if (before.isPresent() && !before.get().store().equals(id)) {
            rolledBack("another store is in its place than the one this node had before", before.get());
        } else if (before.isPresent() && before.get().commits() > database.commits()) {
            rolledBack("an older copy of the store is in its place", before.get());
        }
    }

    private void rolledBack(String what, StoreMark.Value before) {
        audit.record(new StoreEvent.StoreRolledBack(what, database.commits(), before.commits()));
        warn(what + ": messages since then are missing, and what waited then is sent a second time");
    }

    private void markNow() {
        try {
            mark.write(id, database.commits());
        } catch (IOException full) {
            LOG.debugf("store.mark cannot be written: %s", full.getMessage());
        }
    }

    /** Nothing else would try to write while nothing is taken. */
    private void lookForRoom() {
        if (!database.isWritable() && freeBytes() > config.reserve().asLongValue()) {
            database.probe();
        }
        hasRoom();
    }

    private synchronized void tell(boolean room) {
        if (roomy == room) {
            return;
        }
        roomy = room;
        if (room) {
            audit.record(new StoreEvent.StoreWritable(freeBytes()));
            LOG.info("there is room in the store again");
        } else {
            audit.record(new StoreEvent.StoreNotWritable(freeBytes()));
            LOG.error("there is no room in the store: no messages are taken until the disk has some, or what is kept"
                    + " may be more");
        }
    }

    /** Blocks until a read is done, and gives its own failure. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
