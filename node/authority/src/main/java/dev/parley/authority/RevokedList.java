package dev.parley.authority;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** {@code revoked.txt}, as nodes read it: a key a line, what follows {@code #} is a comment. */
final class RevokedList {

    private static final String HEADER =
            "# Keys that are let in no more: parley.trust.ca.revoked of every node names this file.\n";

    private RevokedList() {}

    static Set<String> keys(Path file) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        for (String line : text(file).split("\n")) {
            String key = line.replaceAll("#.*", "").strip();
            if (!key.isEmpty()) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** The list with one more line. */
    static String with(Path file, String key, String comment) throws IOException {
        String before = text(file);
        return before + (before.endsWith("\n") ? "" : "\n") + key + "  # " + comment + "\n";
    }

    static String empty() {
        return HEADER;
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : HEADER;
    }
}
