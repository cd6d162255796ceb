package dev.parley.node.boot;

import com.sun.security.auth.module.UnixSystem;
import dev.parley.node.config.ParleyConfig;
import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Where the admin socket comes to be: a directory that keeps others out while the socket is made with whatever mode the umask
 * gives, a lock beside it that goes with the process, and no file in its place but what a dead node has left there.
 */
final class AdminSocketPlace implements AutoCloseable {
    private static final Set<PosixFilePermission> GROUP = PosixFilePermissions.fromString("rwxr-x---");

    /** A system property, because it outlives the classes: the socket that this process has kept open over a reload in dev mode. */
    private static final String KEPT = "dev.parley.dev-mode.admin-socket";

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final FileChannel channel;
    private final FileLock lock;

    private AdminSocketPlace(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws StartupFailure if the directory is no good, another node has the socket, or something else is in its place */
    static AdminSocketPlace take(ParleyConfig.Admin admin) {
        Path socket = admin.socket().toAbsolutePath();
        Path directory = socket.getParent();
        try {
            prepare(directory, admin.group());
            AdminSocketPlace place = lock(socket);
            try {
                if (!keptOpen(socket)) {
                    removeIfDead(socket);
                }
            } catch (IOException | StartupFailure e) {
                place.close();
                throw e;
            }
            return place;
        } catch (IOException e) {
            throw StartupFailure.state("the admin socket " + socket + " cannot be made: " + e, e);
        }
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

    private static void prepare(Path directory, Optional<Long> group) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DataDirectory.OWNER));
        if ((int) Files.getAttribute(directory, "unix:uid") != (int) new UnixSystem().getUid()) {
            throw StartupFailure.state(
                    "the directory of the admin socket " + directory
                            + " belongs to another user, who could put another socket there: set another parley.admin.socket",
                    null);
        }
        DataDirectory.refuseBeyond(
                group.isPresent() ? GROUP : DataDirectory.OWNER,
                directory,
                "the directory of the admin socket",
                group.isPresent() ? "chmod 750" : "chmod 700");
        if (group.isPresent()) {
            give(directory, group.get());
        }
    }

    private static void give(Path directory, long group) throws IOException {
        try {
            if ((int) Files.getAttribute(directory, "unix:gid") != (int) group) {
                // Nothing for the group that it has now, nor for the new one before all is done.
                Files.setPosixFilePermissions(directory, DataDirectory.OWNER);
                Files.setAttribute(directory, "unix:gid", (int) group);
            }
        } catch (IOException e) {
            throw StartupFailure.configuration(
                    "parley.admin.group",
                    "must be a group that the node's user is in: the directory of the admin socket " + directory
                            + " cannot be given to " + group);
        }
        Files.setPosixFilePermissions(directory, GROUP);
    }

    private static AdminSocketPlace lock(Path socket) throws IOException {
        Path file = socket.resolveSibling(socket.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                throw inUse(socket);
            }
            return new AdminSocketPlace(channel, lock);
        } catch (OverlappingFileLockException e) {
            throw inUse(socket);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    /** In dev mode Quarkus goes on listening while the node is loaded anew. @return whether it is this process that listens there */
    private static boolean keptOpen(Path socket) {
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
            return false;
        }
        return socket.toString().equals(System.setProperty(KEPT, socket.toString()));
    }

    /** Whoever listens there answers, also with a full queue; only where nobody does the system refuses. */
    private static void removeIfDead(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) != SOCKET) {
            throw StartupFailure.state(
                    "there is something at " + socket
                            + " that is not a socket: move it away, or set another parley.admin.socket",
                    null);
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException nobody) {
            Files.delete(socket);
            return;
        } catch (SocketException somebody) {
            // Its queue is full, or it belongs to somebody else: not for us to remove.
            throw inUse(socket);
        }
        throw inUse(socket);
    }

    private static StartupFailure inUse(Path socket) {
        return StartupFailure.directoryInUse("the admin socket " + socket
                + " is in use by another node: stop that one, or set another parley.admin.socket");
    }
}
