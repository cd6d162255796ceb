package dev.parley.lab.foe;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks through a stolen disk. */
public final class Burglar {
    private Burglar() {}

    /** Looks for a text in all files, and their names, below a directory, in the encodings that it might have. @return where it is */
    public static Optional<String> find(Path directory, String text) throws IOException {
        List<String> needles = needles(text);
        for (Path file : files(directory)) {
            if (file.getFileName().toString().contains(text)) {
                return Optional.of("the name of " + file.getFileName());
            }
            // One character for each byte: String.contains is quicker than anything made by hand.
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            if (needles.stream().anyMatch(content::contains)) {
                return Optional.of(file.getFileName().toString());
            }
        }
        return Optional.empty();
    }

    /** All regular files below. */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Deletes a directory and all in it. */
    public static void delete(Path directory) throws IOException {
        clear(directory);
        Files.deleteIfExists(directory);
    }

    /** Deletes all in a directory. */
    public static void clear(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            if (!each.equals(directory)) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static List<String> needles(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        List<String> needles = new ArrayList<>();
        for (Charset each : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            needles.add(new String(text.getBytes(each), StandardCharsets.ISO_8859_1));
        }
        needles.add(HexFormat.of().formatHex(utf8));
        for (int skip = 0; skip < 3; skip++) {
            // Wherever it begins in what was encoded: whole groups of three bytes look the same.
            int whole = (utf8.length - skip) / 3 * 3;
            needles.add(Base64.getEncoder().encodeToString(Arrays.copyOfRange(utf8, skip, skip + whole)));
        }
        return needles;
    }
}
