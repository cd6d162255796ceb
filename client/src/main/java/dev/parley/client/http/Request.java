package dev.parley.client.http;

import java.nio.charset.StandardCharsets;

/**
 * One request.
 *
 * @param method GET, POST, PUT or DELETE
 * @param target path and query, percent-encoded, from the first slash
 * @param json the body, or null for none
 */
public record Request(String method, String target, String json) {
    public static Request get(String target) {
        return new Request("GET", target, null);
    }

    /** Percent-encodes one segment of a path, or one value of a query: all but RFC 3986's unreserved characters. */
    public static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    private static final String HEX = "0123456789ABCDEF";
}
