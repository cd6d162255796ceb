package dev.parley.client.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is written under another name and takes its own only when it is whole and on the disk. Closed before that, it is
 * gone.
 */
public final class NewFile implements AutoCloseable {
    private static final int MOST_NUMBERS = 10_000;

    private final Path part;
    private final FileChannel channel;
    private boolean placed;

    private NewFile(Path part, FileChannel channel) {
        this.part = part;
        this.channel = channel;
    }

    /**
     * Only for this user to read and write.
     *
     * @throws FileAlreadyExistsException if {@code part} exists, be it a link that somebody laid there
     */
    public static NewFile at(Path part) throws IOException {
        boolean posix = part.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return new NewFile(
                part, FileChannel.open(part, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), mine));
    }

    /** Puts a text into the place of whatever is at {@code target}: who looks sees the old file or the new one. */
    public static void write(Path target, String content) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.deleteIfExists(part);
        try (NewFile fresh = at(part)) {
            fresh.content().write(content.getBytes(StandardCharsets.UTF_8));
            fresh.replace(target);
        }
    }

    /** Takes what is to be in it. */
    public OutputStream content() {
        return Channels.newOutputStream(channel);
    }

    /** Gives it its name in place of whatever had that. */
    public void replace(Path target) throws IOException {
        finish();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        placed = true;
        syncDirectory(target);
    }

    /**
     * Gives it its name, unless something has that.
     *
     * @throws FileAlreadyExistsException if something has
     */
    public void place(Path target) throws IOException {
        finish();
        claim(part, target);
        placed = true;
        syncDirectory(target);
    }

    /** Gives it this name in the directory, or the first numbered one that is free; which one. */
    public Path place(Path directory, String name) throws IOException {
        for (int i = 0; i < MOST_NUMBERS; i++) {
            Path target = directory.resolve(i == 0 ? name : SafeName.numbered(name, i));
            try {
                place(target);
                return target;
            } catch (FileAlreadyExistsException e) {
                // The next number.
            }
        }
        throw new FileAlreadyExistsException(directory.resolve(name).toString());
    }

    /** A second name never replaces anything, and a rename would. */
    private static void claim(Path part, Path target) throws IOException {
        try {
            Files.createLink(target, part);
            Files.delete(part);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException noLinks) {
            // A file system without second names: an empty file holds the place for a moment.
            Files.createFile(target);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void finish() throws IOException {
        if (channel.isOpen()) {
            channel.force(true);
            channel.close();
        }
    }

    /** So that the name survives a power cut too; a system that cannot does without. */
    private static void syncDirectory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        } catch (IOException e) {
            // Nothing more can be done, and the file is there.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!placed) {
            Files.deleteIfExists(part);
        }
    }
}
