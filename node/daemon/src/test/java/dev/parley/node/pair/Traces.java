package dev.parley.node.pair;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks for bytes in files: as they are, in hexadecimal, and in base64 wherever in a longer text they begin. */
final class Traces {
    private final Map<String, String> needles = new LinkedHashMap<>();

    /** Also looks for {@code secret}, of at least 8 bytes: shorter would be found by chance. */
    void add(String name, byte[] secret) {
        if (secret.length < 8) {
            throw new IllegalArgumentException("too short to be found by design: " + name);
        }
        needles.put(name + " as it is", latin(secret));
        var hex = HexFormat.of().formatHex(secret);
        needles.put(name + " in hexadecimal", hex);
        needles.put(name + " in upper case hexadecimal", hex.toUpperCase(java.util.Locale.ROOT));
        for (int before = 0; before < 3; before++) {
            needles.put(name + " in base64, " + before, base64(Base64.getEncoder(), secret, before));
            needles.put(name + " in base64 for URLs, " + before, base64(Base64.getUrlEncoder(), secret, before));
        }
    }

    /** What is found in the regular files under {@code root}, as "file: what". */
    List<String> in(Path root, Predicate<Path> except) throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files(root)) {
            if (!except.test(file)) {
                var content = latin(Files.readAllBytes(file));
                needles.forEach((name, needle) -> {
                    if (content.contains(needle)) {
                        found.add(root.relativize(file) + ": " + name);
                    }
                });
            }
        }
        return found;
    }

    static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The characters that are the same whatever stands around the secret, when {@code before} bytes of a group precede it. */
    private static String base64(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        int start = (before * 8 + 5) / 6;
        int end = shifted.length * 8 / 6;
        return encoder.encodeToString(shifted).substring(start, end);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
