package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Set;

/** Takes files: under a name of its own making and only with the content that was announced, or as the sender says. */
public final class Tray {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(Defence.CONTENT_HASH, Defence.SAFE_FILE_NAMES);

    private final Path directory;
    private final Set<Defence> without;
    private int count;

    /** @param without what it does without */
    public Tray(Path directory, Set<Defence> without) {
        this.directory = directory;
        this.without = Set.copyOf(without);
    }

    /**
     * Takes a file.
     *
     * @param sha256 that was announced
     * @return where it is now; null if it was not taken
     */
    public Path take(String name, byte[] sha256, byte[] content) throws IOException, GeneralSecurityException {
        if (!without.contains(Defence.CONTENT_HASH)
                && !MessageDigest.isEqual(
                        sha256, MessageDigest.getInstance("SHA-256").digest(content))) {
            return null;
        }
        String own = without.contains(Defence.SAFE_FILE_NAMES) ? name : "file-" + ++count;
        return Files.write(directory.resolve(own), content).normalize();
    }
}
