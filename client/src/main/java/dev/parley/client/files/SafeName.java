package dev.parley.client.files;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * A name that a peer has chosen, as one that can stand in a directory: no path, nothing that a terminal or another system
 * takes for something else, not hidden, never an option of a command. The node cleans names too; this side trusts nobody.
 */
public final class SafeName {
    /** What Linux and macOS allow in bytes. */
    public static final int MAX_BYTES = 255;

    private static final int MAX_EXTENSION = 20;
    private static final String INSTEAD = "_";
    private static final String FORBIDDEN = "<>:\"|?*";

    /** Devices of Windows, with any extension. */
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$", "clock$");

    private SafeName() {}

    public static String of(String name) {
        String given = name == null ? "" : name;
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        StringBuilder clean = new StringBuilder();
        Normalizer.normalize(last, Normalizer.Form.NFC).codePoints().forEach(c -> append(clean, c));
        // Windows drops dots and spaces at the end: the name would be another one's there.
        String text = clean.toString().strip().replaceAll("[. ]+$", "");
        if (text.startsWith(".") || text.startsWith("-")) {
            text = INSTEAD + text.substring(1);
        }
        if (isDevice(text)) {
            text = INSTEAD + text;
        }
        return text.isEmpty() ? "file" : fit(text, "");
    }

    /** The name with a number before its extension: {@code a (1).txt}. */
    public static String numbered(String name, int number) {
        return fit(name, " (" + number + ")");
    }

    private static void append(StringBuilder out, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> {}
            case Character.SPACE_SEPARATOR -> out.append(' ');
            default -> {
                if (FORBIDDEN.indexOf(c) >= 0) {
                    out.append(INSTEAD);
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String base = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        return DEVICES.contains(base) || base.matches("(com|lpt)[0-9¹²³]");
    }

    /** Cuts the name, never its extension, until all of it is short enough. */
    private static String fit(String name, String before) {
        int dot = name.lastIndexOf('.');
        boolean extended = dot > 0 && name.length() - dot <= MAX_EXTENSION;
        String stem = extended ? name.substring(0, dot) : name;
        String end = before + (extended ? name.substring(dot) : "");
        while (bytes(stem + end) > MAX_BYTES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + end;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
