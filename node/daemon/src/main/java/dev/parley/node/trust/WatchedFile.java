package dev.parley.node.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that others replace: in place, by a rename, or by turning the symbolic link of a directory above it, as orchestrators do.
 * So it is looked at, again and again, and not watched; a change is told once two looks in a row have seen the same content, so
 * that nobody acts on half of a file. Not thread-safe.
 */
final class WatchedFile {

    /** A file system's times may be this coarse: what was changed since may be changed again without another time. */
    private static final Duration COARSE = Duration.ofSeconds(2);

    /** What a look found: the content, or in one line why there is none. */
    @SuppressWarnings("ArrayRecordComponent")
    record Seen(byte[] content, String problem) {

        boolean same(Seen other) {
            return other != null && Arrays.equals(content, other.content) && Objects.equals(problem, other.problem);
        }
    }

    /** What tells without reading that a file is another. */
    private record Stamp(Instant modified, long size, Object key) {}

    private final Path path;
    private final int most;
    private Seen told;
    private Seen before;
    private Stamp stamp;

    /** @param most the longest content in bytes; what is longer is a problem */
    WatchedFile(Path path, int most) {
        this.path = path;
        this.most = most;
    }

    Path path() {
        return path;
    }

    /** Looks for the first time, and believes it. */
    Seen first() {
        stamp = stamp();
        told = read();
        before = told;
        return told;
    }

    /** Looks. @return what there is now, once it is another than was told before and stays so for two looks */
    Optional<Seen> look() {
        Stamp now = stamp();
        if (now != null
                && now.equals(stamp)
                && before.same(told)
                && now.modified().plus(COARSE).isBefore(Instant.now())) {
            return Optional.empty();
        }
        stamp = now;
        Seen seen = read();
        boolean settled = seen.same(before);
        before = seen;
        if (!settled || seen.same(told)) {
            return Optional.empty();
        }
        told = seen;
        return Optional.of(seen);
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
        } catch (IOException absent) {
            return null;
        }
    }

    private Seen read() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(most + 1);
            return content.length > most
                    ? new Seen(null, "is longer than " + most + " bytes")
                    : new Seen(content, null);
        } catch (NoSuchFileException e) {
            return new Seen(null, "is not there");
        } catch (AccessDeniedException e) {
            return new Seen(null, "may not be read by this user");
        } catch (IOException e) {
            return new Seen(null, "cannot be read");
        }
    }
}
