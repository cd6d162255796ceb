package dev.parley.authority;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** What nodes call a public key: SHA-256 of its SubjectPublicKeyInfo in lower-case base32 without padding, a PeerId. */
final class KeyId {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    /** 52 characters hold 260 bits; the last four are zero. */
    private static final Pattern SHAPE = Pattern.compile("[a-z2-7]{51}[aq]");

    private KeyId() {}

    static String of(byte[] spki) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(spki);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : hash) {
            buffer = (buffer << 8 | b & 0xff) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(ALPHABET.charAt(buffer >>> bits - 5 & 31));
            }
        }
        return text.append(ALPHABET.charAt(buffer << 5 - bits & 31)).toString();
    }

    static boolean isOne(String text) {
        return SHAPE.matcher(text).matches();
    }
}
