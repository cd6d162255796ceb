package dev.parley.evidence;

import java.util.Base64;

/** RFC 4648 base64url without padding, as all binary values in lines are written: the canonical text alone is read. */
final class Base64Url {
    private Base64Url() {}

    static String of(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Null if the text is not what {@link #of} writes. */
    static byte[] parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            // The JDK's decoder ignores padding and the unused bits of the last character.
            return of(bytes).equals(text) ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
