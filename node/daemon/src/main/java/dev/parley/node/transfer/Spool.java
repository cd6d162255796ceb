package dev.parley.node.transfer;

import dev.parley.node.store.Vault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The contents of files, one file for each transfer, in chunks of {@value #CHUNK} bytes that are sealed one by one: who has the
 * disk and not the store key learns how long they are, and can change nothing unnoticed. Thread-safe.
 */
final class Spool {
    /** Bytes of content in a chunk; the last one of a file may have fewer. */
    static final int CHUNK = 1 << 16;
    /** Bytes of a chunk on the disk. */
    static final int SEALED_CHUNK = CHUNK + Vault.OVERHEAD;

    private static final Logger LOG = Logger.getLogger(Spool.class);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final Vault vault;
    private final AtomicLong bytes = new AtomicLong();

    private Spool(Path directory, Vault vault) {
        this.directory = directory;
        this.vault = vault;
    }

    /** Opens a spool, made with mode 0700 if there is none, and deletes what belongs to no transfer. */
    static Spool open(Path directory, Vault vault, Set<TransferKey> known) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Spool spool = new Spool(directory, vault);
        Set<String> names = known.stream().map(TransferKey::fileName).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (names.contains(file.getFileName().toString())) {
                    spool.bytes.addAndGet(Files.size(file));
                } else {
                    Files.delete(file);
                }
            }
        }
        return spool;
    }

    /** Begins a new content. */
    SpoolWriter create(TransferKey key) throws IOException {
        FileChannel channel = FileChannel.open(
                path(key), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        return new SpoolWriter(channel, key, vault, bytes, 0);
    }

    /**
     * Goes on with a content.
     *
     * @param position what is on the disk for certain, whole chunks: what is behind it is cut off. Where the file has less, or
     *     is missing, the content begins anew.
     */
    SpoolWriter resume(TransferKey key, long position) throws IOException {
        if (!Files.exists(path(key))) {
            return create(key);
        }
        FileChannel channel = FileChannel.open(path(key), StandardOpenOption.WRITE);
        try {
            long before = channel.size();
            long keep = position % CHUNK == 0 && length(position) <= before ? position : 0;
            channel.truncate(length(keep));
            channel.position(length(keep));
            bytes.addAndGet(length(keep) - before);
            return new SpoolWriter(channel, key, vault, bytes, keep);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    SpoolReader read(TransferKey key, long size) throws IOException {
        return new SpoolReader(FileChannel.open(path(key), StandardOpenOption.READ), key, vault, size);
    }

    /** Whether all of a content is there, by its length. */
    boolean has(TransferKey key, long size) {
        try {
            return Files.size(path(key)) == length(size);
        } catch (IOException missing) {
            return false;
        }
    }

    void remove(TransferKey key) {
        try {
            Path path = path(key);
            if (Files.exists(path)) {
                long length = Files.size(path);
                Files.delete(path);
                bytes.addAndGet(-length);
            }
        } catch (IOException e) {
            LOG.errorf("a file of the spool cannot be deleted, the next start tries again: %s", e.getMessage());
        }
    }

    /** What all contents take on the disk. */
    long bytes() {
        return bytes.get();
    }

    /** What a content takes on the disk. */
    static long length(long size) {
        long chunks = (size + CHUNK - 1) / CHUNK;
        return size + chunks * Vault.OVERHEAD;
    }

    private Path path(TransferKey key) {
        return directory.resolve(key.fileName());
    }
}
