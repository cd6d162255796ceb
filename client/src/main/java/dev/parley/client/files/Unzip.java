package dev.parley.client.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Unpacks an archive that a peer made, and trusts nothing in it: every part of every name is one that {@link SafeName} leaves as it
 * is, nothing leads outside, links are not made (a reader of the entries in their order knows none), and what comes out is
 * counted, whatever the archive says of it.
 */
public final class Unzip {
    private static final int BUFFER = 256 * 1024;

    /** Files and folders together. */
    private static final int MOST_ENTRIES = 200_000;

    private static final int DEEPEST = 100;
    private static final int MOST_NUMBERS = 10_000;

    private final long limit;
    private final byte[] buffer = new byte[BUFFER];
    private long size;
    private int entries;

    /** @param limit of all that comes out, in bytes */
    public Unzip(long limit) {
        this.limit = limit;
    }

    /**
     * Unpacks into a new folder in {@code directory}; if something is wrong, nothing is there afterwards.
     *
     * @param name for the folder, unless the archive has one folder only that everything is in
     * @return the folder
     * @throws ZipException if the archive is broken, or has what it must not have
     */
    public Path unpack(InputStream archive, Path directory, String name) throws IOException {
        Path unfinished = Files.createTempDirectory(directory, ".parley-");
        try {
            try (ZipInputStream zip = new ZipInputStream(archive)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    unpack(zip, entry, unfinished);
                }
            }
            if (entries == 0) {
                throw new ZipException("it is not a zip archive, or an empty one");
            }
            Path only = onlyFolder(unfinished);
            Path placed = place(
                    only == null ? unfinished : only,
                    directory,
                    only == null ? name : only.getFileName().toString());
            return placed;
        } finally {
            delete(unfinished);
        }
    }

    private void unpack(ZipInputStream zip, ZipEntry entry, Path root) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw new ZipException("it has more than " + MOST_ENTRIES + " files and folders");
        }
        Path target = inside(root, entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = zip.read(buffer); count >= 0; count = zip.read(buffer)) {
                size += count;
                if (size > limit) {
                    throw new ZipException("it holds more than " + limit + " bytes");
                }
                out.write(buffer, 0, count);
            }
        } catch (FileAlreadyExistsException e) {
            throw new ZipException("it has two files of one name");
        }
    }

    private static Path inside(Path root, String name) throws ZipException {
        String[] parts = (name.endsWith("/") ? name.substring(0, name.length() - 1) : name).split("/", -1);
        if (parts.length > DEEPEST) {
            throw new ZipException("its folders are nested too deep");
        }
        Path target = root;
        for (String part : parts) {
            if (!isHarmless(part)) {
                throw new ZipException("it has a file or folder whose name is not safe");
            }
            target = target.resolve(part);
        }
        if (!target.normalize().startsWith(root)) {
            throw new ZipException("it has a file or folder that would be outside");
        }
        return target;
    }

    /** Hidden ones are common in folders, and harmless in a new one. */
    private static boolean isHarmless(String part) {
        String shown = part.startsWith(".") || part.startsWith("-") ? part.substring(1) : part;
        return !part.isEmpty() && !part.equals(".") && !part.equals("..") && shown.equals(SafeName.of(shown));
    }

    /** The folder that all is in; null if there is more beside it, or a file. */
    private static Path onlyFolder(Path root) throws IOException {
        try (Stream<Path> top = Files.list(root)) {
            List<Path> all = top.limit(2).toList();
            boolean one = all.size() == 1
                    && Files.isDirectory(all.getFirst(), LinkOption.NOFOLLOW_LINKS)
                    && !all.getFirst().getFileName().toString().startsWith(".");
            return one ? all.getFirst() : null;
        }
    }

    private static Path place(Path folder, Path directory, String name) throws IOException {
        for (int i = 0; i < MOST_NUMBERS; i++) {
            Path target = directory.resolve(i == 0 ? name : SafeName.numbered(name, i));
            try {
                // Never onto something: a rename would take an empty folder for free.
                if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    return Files.move(folder, target);
                }
            } catch (FileAlreadyExistsException e) {
                // The next number.
            }
        }
        throw new FileAlreadyExistsException(directory.resolve(name).toString());
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException e) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
