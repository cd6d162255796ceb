package dev.parley.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The texts of the protocol: which characters may appear, and how foreign text is made fit to show. */
public final class Text {
    private static final int REPLACEMENT = 0xFFFD;

    private Text() {}

    /** Decodes UTF-8 strictly and checks that only {@linkplain #printable printable} characters are in it. */
    public static String decode(byte[] utf8) throws MalformedException {
        String text;
        try {
            // newDecoder() reports malformed input, new String() would replace it.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("text is not UTF-8");
        }
        if (!printable(text)) {
            throw new MalformedException("text has a character that is not allowed");
        }
        return text;
    }

    /** Decodes printable ASCII (0x20 to 0x7e). */
    public static String decodeAscii(byte[] ascii) throws MalformedException {
        String text = new String(ascii, StandardCharsets.ISO_8859_1);
        if (!printableAscii(text)) {
            throw new MalformedException("text is not printable ASCII");
        }
        return text;
    }

    /** Says whether the text has no character of the Unicode categories Cc, Cf, Zl, Zp, Cs and Co. */
    public static boolean printable(String text) {
        return text.codePoints().allMatch(Text::printable);
    }

    /** Says whether the text has only the ASCII characters 0x20 to 0x7e. */
    public static boolean printableAscii(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }

    /** Makes what a peer wrote fit to show: everything unprintable, and what is not UTF-8, becomes U+FFFD. */
    public static String show(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8)
                .codePoints()
                .map(c -> printable(c) ? c : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
