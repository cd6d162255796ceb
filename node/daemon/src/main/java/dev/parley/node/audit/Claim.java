package dev.parley.node.audit;

/**
 * Text that a peer sent and that nothing proves: names, addresses, reasons. In a line of {@code net.log} its field
 * begins with {@code claimed}. Everything unprintable is replaced by U+FFFD, so that it cannot forge lines or drive a
 * terminal, and what is longer than {@value #MAX_CHARS} characters is cut.
 *
 * @param text the text, made harmless
 */
public record Claim(String text) {
    /** More than any field of the protocol that carries a claim. */
    public static final int MAX_CHARS = 255;

    public Claim {
        text = printable(text);
    }

    /** A claim, or null where there is nothing claimed. */
    public static Claim of(String text) {
        return text == null || text.isEmpty() ? null : new Claim(text);
    }

    private static String printable(String text) {
        var harmless = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(c -> harmless.appendCodePoint(isPrintable(c) ? c : 0xFFFD));
        return harmless.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
