package dev.parley.authority;

import dev.parley.authority.AuthorityException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The directory of an authority, mode 0700; its files are replaced as a whole or not at all. */
final class Folder {

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PUBLIC =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
    private static final FileAttribute<?> OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    final Path path;

    private Folder(Path path) {
        this.path = path;
    }

    static Folder create(Path path) throws IOException, AuthorityException {
        if (Files.exists(path.resolve(Authority.KEY)) || Files.exists(path.resolve(Authority.CERTIFICATE))) {
            throw new AuthorityException(Kind.EXISTS, "there is an authority in '" + path + "' already");
        }
        Files.createDirectories(path, OWNER);
        if (Files.getPosixFilePermissions(path).stream()
                .anyMatch(each -> !each.name().startsWith("OWNER"))) {
            throw AuthorityException.bad("'" + path + "' is open to other users: run chmod 700 '" + path + "'");
        }
        Files.createDirectories(path.resolve(Authority.ISSUED), OWNER);
        return new Folder(path);
    }

    static Folder open(Path path) throws AuthorityException {
        if (!Files.exists(path.resolve(Authority.CERTIFICATE))) {
            throw AuthorityException.bad("there is no authority in '" + path + "': `parley ca init` makes one");
        }
        return new Folder(path);
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Keeps other processes out until it is closed; waits for them. */
    AutoCloseableLock lock() throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE);
        FileLock held = channel.lock();
        return () -> {
            held.release();
            channel.close();
        };
    }

    void writePrivate(String name, String content) throws IOException {
        replace(path.resolve(name), content, PRIVATE);
    }

    void writePublic(String name, String content) throws IOException {
        replace(path.resolve(name), content, PUBLIC);
    }

    /** After a crash at any instant there is the old file or the new one, on the disk. */
    static void replace(Path file, String content, FileAttribute<?> mode) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel out =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A lock that is held. */
    interface AutoCloseableLock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
