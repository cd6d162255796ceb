package dev.parley.client.text;

/**
 * Makes text that others chose harmless on a terminal. Control characters could move the cursor, change the title or
 * answer for the user (ECMA-48); format characters could reorder or hide what is shown (Unicode UTS 39, "Trojan
 * Source"). They are shown as {@code \x1b} or {@code \u202e} instead.
 */
public final class Plain {
    private Plain() {}

    /** One line: line ends and tabs too are shown escaped. Null gives an empty text. */
    public static String line(String text) {
        return clean(text, false);
    }

    /** Several lines: line ends stay as {@code \n}, tabs become spaces. */
    public static String block(String text) {
        return clean(text == null ? null : text.replace("\r\n", "\n"), true);
    }

    /**
     * A JSON text with harmful characters escaped. They can only stand inside of strings, where an escape means the same.
     */
    public static String json(String json) {
        StringBuilder out = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean harmful = c >= 0x7f && !Character.isSurrogate(c) && isHarmful(c);
            if (harmful && out == null) {
                out = new StringBuilder(json.length() + 64).append(json, 0, i);
            }
            if (out != null) {
                out.append(harmful ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return out == null ? json : out.toString();
    }

    private static String clean(String text, boolean lines) {
        if (text == null) {
            return "";
        }
        int harmless = 0;
        while (harmless < text.length() && isHarmlessAscii(text.charAt(harmless))) {
            harmless++;
        }
        if (harmless == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, harmless);
        text.codePoints().skip(text.codePointCount(0, harmless)).forEach(c -> append(out, c, lines));
        return out.toString();
    }

    private static boolean isHarmlessAscii(char c) {
        return c >= ' ' && c < 0x7f;
    }

    private static void append(StringBuilder out, int c, boolean lines) {
        if (lines && c == '\n') {
            out.append('\n');
        } else if (lines && c == '\t') {
            out.append("    ");
        } else if (isHarmful(c)) {
            out.append(
                    c < 0x100 ? "\\x%02x".formatted(c) : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%06x".formatted(c));
        } else {
            out.appendCodePoint(c);
        }
    }

    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            // Zero-width joiner and non-joiner belong to emoji and to the spelling of several languages.
            case Character.FORMAT -> c != 0x200d && c != 0x200c;
            default -> false;
        };
    }
}
