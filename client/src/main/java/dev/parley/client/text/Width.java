package dev.parley.client.text;

/** How many columns of a terminal a text takes; wide characters (Unicode UAX 11) take two, combining ones none. */
public final class Width {
    private Width() {}

    public static int of(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += c < 0x300 ? 1 : of(c);
            i += Character.charCount(c);
        }
        return width;
    }

    /** {@code text} and spaces up to {@code width} columns. */
    public static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - of(text)));
    }

    /** At most {@code width} columns; what is left out is replaced by one ellipsis. */
    public static String cut(String text, int width) {
        if (of(text) <= width) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int columns = c < 0x300 ? 1 : of(c);
            if (used + columns > width - 1) {
                break;
            }
            out.appendCodePoint(c);
            used += columns;
            i += Character.charCount(c);
        }
        return out.append('…').toString();
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    /** The blocks of East_Asian_Width W and F, and the emoji, merged to ranges. */
    private static boolean isWide(int c) {
        return c >= 0x1100 && c <= 0x115f
                || c >= 0x2e80 && c <= 0x303e
                || c >= 0x3041 && c <= 0x33ff
                || c >= 0x3400 && c <= 0x4dbf
                || c >= 0x4e00 && c <= 0xa4cf
                || c >= 0xa960 && c <= 0xa97f
                || c >= 0xac00 && c <= 0xd7a3
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0xfe30 && c <= 0xfe6f
                || c >= 0xff00 && c <= 0xff60
                || c >= 0xffe0 && c <= 0xffe6
                || c >= 0x1f300 && c <= 0x1f64f
                || c >= 0x1f680 && c <= 0x1f6ff
                || c >= 0x1f900 && c <= 0x1faff
                || c >= 0x20000 && c <= 0x3fffd;
    }
}
