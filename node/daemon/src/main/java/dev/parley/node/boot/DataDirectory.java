package dev.parley.node.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * The directory of all state: mode 0700, and locked by one node at a time. The lock goes with the process, however it
 * ends.
 */
final class DataDirectory implements AutoCloseable {
    /** What a file of secrets may allow. */
    static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is missing, and takes its lock.
     *
     * @throws StartupFailure if that cannot be, others have access, or another node has the lock
     */
    static DataDirectory open(Path wanted) {
        var path = wanted.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER));
            refuseBeyond(OWNER, path, "the data directory", "chmod 700");
            return lock(path);
        } catch (FileAlreadyExistsException e) {
            throw StartupFailure.state("the data directory " + path + " cannot be made: a file is in the way", e);
        } catch (AccessDeniedException e) {
            throw StartupFailure.state(
                    "the data directory " + path + " cannot be written: give this user access, or set parley.data-dir",
                    e);
        } catch (IOException e) {
            throw StartupFailure.state("the data directory " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** @throws StartupFailure if the file allows more than {@code allowed} */
    static void refuseBeyond(Set<PosixFilePermission> allowed, Path path, String what, String remedy)
            throws IOException {
        var others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(path));
        others.removeAll(allowed);
        if (!others.isEmpty()) {
            throw StartupFailure.state(
                    what + " " + path + " is open to other users: run " + remedy + " '" + path + "'", null);
        }
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            // The channel is closed all the same, and the lock goes with it.
            return;
        }
    }

    private static DataDirectory lock(Path path) throws IOException {
        var file = path.resolve("lock");
        var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                throw StartupFailure.directoryInUse("the data directory " + path + " is in use by another node ("
                        + holder(file) + "): stop that one, or set another parley.data-dir");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(path, channel, lock);
        } catch (OverlappingFileLockException e) {
            throw StartupFailure.directoryInUse("the data directory " + path + " is in use by this process already");
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static String holder(Path file) throws IOException {
        try {
            var pid = Files.readString(file, StandardCharsets.US_ASCII);
            return pid.matches("\\d{1,10}") ? "process " + pid : "process unknown";
        } catch (NoSuchFileException e) {
            return "process unknown";
        }
    }
}
