package dev.parley.node.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * Bytes of a line as it is put together: JSON in UTF-8, in a buffer that is used again for the next line, so that a line is
 * encoded once and can be hashed and written as it is.
 */
final class JsonLine {
    private static final int USUAL = 4 << 10;
    /** A buffer that one long line has made longer than this is given up. */
    private static final int MOST_KEPT = 1 << 20;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** What of a byte array is encoded at once; a multiple of three. */
    private static final int BLOCK = 3 << 12;

    private static final int MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    private final byte[] encoded = new byte[BLOCK / 3 * 4];
    private byte[] bytes = new byte[USUAL];
    private int length;

    /** The second whose beginning {@link #date} is: most lines have the second of the line before. */
    private long second = Long.MIN_VALUE;

    private byte[] date;

    void clear() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[USUAL];
        }
    }

    /** Good until the next line; {@link #length} bytes of it. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** What is JSON already. */
    void raw(byte[] json) {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
    }

    void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void number(long value) {
        if (value < 0) {
            raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        digits(value, digits);
    }

    /** As {@code 2026-01-02T12:00:00.123456Z}, with quotes. */
    void time(Instant time) {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            var text = dev.parley.evidence.LineHead.time(time);
            date = text.substring(0, text.lastIndexOf('.') + 1).getBytes(StandardCharsets.US_ASCII);
        }
        raw('"');
        raw(date);
        digits(time.getNano() / NANOS_OF_MICRO, Integer.toString(MICROS - 1).length());
        raw('Z');
        raw('"');
    }

    /** RFC 4648 base64 with padding, with quotes. */
    void base64(byte[] value) {
        raw('"');
        reserve((value.length + 2) / 3 * 4);
        for (int from = 0; from < value.length; from += BLOCK) {
            int to = Math.min(from + BLOCK, value.length);
            int count = Base64.getEncoder().encode(Arrays.copyOfRange(value, from, to), encoded);
            System.arraycopy(encoded, 0, bytes, length, count);
            length += count;
        }
        raw('"');
    }

    /** With quotes; what is no text, half of a surrogate pair, becomes U+FFFD. */
    void text(String value) {
        // No character takes more: \\u0000 has six, one of Unicode three for each char.
        reserve(value.length() * 6 + 2);
        bytes[length++] = '"';
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each >= ' ' && each < 0x80 && each != '"' && each != '\\') {
                bytes[length++] = (byte) each;
            } else if (each < 0x80) {
                escaped(each);
            } else if (Character.isHighSurrogate(each)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                fourBytes(Character.toCodePoint(each, value.charAt(++i)));
            } else {
                upToThreeBytes(Character.isSurrogate(each) ? '\uFFFD' : each);
            }
        }
        bytes[length++] = '"';
    }

    private void escaped(char each) {
        bytes[length++] = '\\';
        switch (each) {
            case '"', '\\' -> bytes[length++] = (byte) each;
            case '\b' -> bytes[length++] = 'b';
            case '\t' -> bytes[length++] = 't';
            case '\n' -> bytes[length++] = 'n';
            case '\f' -> bytes[length++] = 'f';
            case '\r' -> bytes[length++] = 'r';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[each >> 4];
                bytes[length++] = HEX[each & 0xf];
            }
        }
    }

    private void upToThreeBytes(char each) {
        if (each < 0x800) {
            bytes[length++] = (byte) (0xc0 | each >> 6);
        } else {
            bytes[length++] = (byte) (0xe0 | each >> 12);
            bytes[length++] = (byte) (0x80 | each >> 6 & 0x3f);
        }
        bytes[length++] = (byte) (0x80 | each & 0x3f);
    }

    private void fourBytes(int point) {
        bytes[length++] = (byte) (0xf0 | point >> 18);
        bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
        bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        bytes[length++] = (byte) (0x80 | point & 0x3f);
    }

    private void digits(long value, int count) {
        reserve(count);
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
