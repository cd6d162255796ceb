package dev.parley.node.transfer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Makes a name harmless, whatever a peer suggests: no path, nothing that drives a terminal or means something to a shell's
 * option parser, nothing that a common file system refuses or treats as a device. Cleaning a clean name changes nothing.
 */
final class FileNames {
    static final int MAX_BYTES = 255;

    private static final String NAMELESS = "file";
    private static final char SUBSTITUTE = '_';
    private static final String REFUSED_BY_SOME = "<>:\"|?*";
    /** What is kept of the end of a name that is too long, so that it still says what it is. */
    private static final int MAX_EXTENSION_BYTES = 32;
    /** Devices of Windows, with any extension; the digits there may be superscript ones. */
    private static final Pattern DEVICE = Pattern.compile(
            "(con|prn|aux|nul|clock\\$|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\\s*(\\..*)?",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private FileNames() {}

    static String clean(String suggested) {
        int slash = Math.max(suggested.lastIndexOf('/'), suggested.lastIndexOf('\\'));
        String name = Normalizer.normalize(suggested.substring(slash + 1), Normalizer.Form.NFC);
        StringBuilder kept = new StringBuilder();
        name.codePoints().map(FileNames::substitute).forEach(kept::appendCodePoint);
        name = trimmed(shortened(trimmed(kept.toString()), MAX_BYTES - 1));
        if (name.startsWith(".") || name.startsWith("-")) {
            name = SUBSTITUTE + name.substring(1);
        }
        if (name.isEmpty()) {
            return NAMELESS;
        }
        return DEVICE.matcher(name).matches() ? SUBSTITUTE + name : name;
    }

    private static int substitute(int codePoint) {
        boolean harmless = switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> REFUSED_BY_SOME.indexOf(codePoint) < 0;
        };
        return harmless ? codePoint : SUBSTITUTE;
    }

    /** Without blanks at either end, and without dots at the end, which some systems drop silently. */
    private static String trimmed(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isBlank(name.charAt(start))) {
            start++;
        }
        while (start < end && (isBlank(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static String shortened(String name, int most) {
        if (bytes(name) <= most) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && bytes(name.substring(dot)) <= MAX_EXTENSION_BYTES ? name.substring(dot) : "";
        String stem = name.substring(0, name.length() - extension.length());
        int room = most - bytes(extension);
        int end = 0;
        for (int used = 0; end < stem.length(); ) {
            int codePoint = stem.codePointAt(end);
            used += bytes(Character.toString(codePoint));
            if (used > room) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return stem.substring(0, end) + extension;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
