package dev.parley.client.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A folder as it is packed: its files and folders, empty ones too, and what is left out. Links are not followed: they may lead
 * anywhere, and what is there was not meant to be sent.
 *
 * @param root the folder
 * @param name its name, under which everything stands in the archive
 * @param files regular files below it
 * @param folders it and the folders below it
 * @param skipped links and whatever else is no file
 * @param size of all files together, in bytes, as it was when they were counted
 */
public record Folder(Path root, String name, List<Path> files, List<Path> folders, List<Path> skipped, long size) {
    private static final int BUFFER = 256 * 1024;

    /** Looks what is there; reads no file. */
    public static Folder at(Path folder) throws IOException {
        Path root = folder.toRealPath();
        List<Path> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        List<Path> skipped = new ArrayList<>();
        long[] size = new long[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                folders.add(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(path);
                    size[0] += attributes.size();
                } else {
                    skipped.add(path);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Path last = root.getFileName();
        return new Folder(root, last == null ? "root" : last.toString(), files, folders, skipped, size[0]);
    }

    /**
     * Writes the archive.
     *
     * @param progress is told of every piece that was read, in bytes
     */
    public void zip(OutputStream out, LongConsumer progress) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        // The way to the peer is often faster than a thorough compression.
        zip.setLevel(Deflater.BEST_SPEED);
        for (Path each : folders) {
            zip.putNextEntry(entry(each, "/"));
            zip.closeEntry();
        }
        byte[] buffer = new byte[BUFFER];
        for (Path each : files) {
            zip.putNextEntry(entry(each, ""));
            // It may have become a link since it was looked at.
            try (InputStream in = Files.newInputStream(each, LinkOption.NOFOLLOW_LINKS)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    zip.write(buffer, 0, count);
                    progress.accept(count);
                }
            }
            zip.closeEntry();
        }
        // Not closed: what it writes to has its own end.
        zip.finish();
        zip.flush();
    }

    private ZipEntry entry(Path path, String end) throws IOException {
        StringBuilder inside = new StringBuilder(name);
        Path relative = root.relativize(path);
        if (!relative.toString().isEmpty()) {
            relative.forEach(part -> inside.append('/').append(part));
        }
        ZipEntry entry = new ZipEntry(inside.append(end).toString());
        entry.setLastModifiedTime(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
        return entry;
    }
}
