package dev.parley.node.bridge;

import java.nio.charset.StandardCharsets;

/**
 * Text of peers and operators in headers of NATS: RFC 3986 percent-encoding of UTF-8, so that no name breaks a header, adds one,
 * or reads as another. Subjects have PeerIds alone, which are lower-case letters and digits.
 */
final class Encoding {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private Encoding() {}

    static String percent(String text) {
        return encoded(text, PLAIN);
    }

    /** As it is where it is printable ASCII, as media types are; what is not is percent-encoded. */
    static String printable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? text.strip()
                : encoded(text, PLAIN + " /;=\"+,()<>@:\\[]?{}!#$&'*^`|");
    }

    /** @throws IllegalArgumentException if there is no such encoding */
    static String decoded(String text) {
        var bytes = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            } else if (text.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*")) {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                throw new IllegalArgumentException("a % is not followed by two hexadecimal digits");
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String encoded(String text, String plain) {
        var out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (plain.indexOf(each) >= 0) {
                out.append((char) each);
            } else {
                out.append("%%%02X".formatted(each));
            }
        }
        return out.toString();
    }
}
