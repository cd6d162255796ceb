package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What two operators compare to know that each node has the other's true key: one number and six words, the same on both
 * sides. With a and b the texts of the two PeerIds, the smaller first:
 *
 * <pre>
 * s      = PBKDF2-HMAC-SHA-512(password = a | " " | b, salt = "parley safety number 1", 262,144 iterations, 64 bytes)
 * number = the first 32 bytes of s, modulo 10^60, with leading zeros: 60 digits
 * words  = the first 66 bits of the last 32 bytes of s, 11 bits a word, from the English list of BIP-39
 * </pre>
 *
 * How hard it is to fool both operators at once, and why the words are worth less than the number, is in TRUST.md.
 *
 * @param number 60 digits
 * @param words six words
 */
public record SafetyNumber(String number, List<String> words) {
    static final int ITERATIONS = 1 << 18;

    private static final String SALT = "parley safety number 1";
    private static final int HALF = 32;
    private static final int DIGITS = 60;
    private static final int WORDS = 6;
    private static final int WORD_BITS = 11;

    public SafetyNumber {
        words = List.copyOf(words);
    }

    /** Takes a good part of a second: so not on an event loop. */
    public static SafetyNumber of(PeerId one, PeerId other) {
        boolean inOrder = one.compareTo(other) <= 0;
        String password = (inOrder ? one : other) + " " + (inOrder ? other : one);
        byte[] stretched = stretch(password);
        BigInteger digits = new BigInteger(1, Arrays.copyOf(stretched, HALF)).mod(BigInteger.TEN.pow(DIGITS));
        String number = digits.toString();
        BigInteger bits = new BigInteger(1, Arrays.copyOfRange(stretched, HALF, 2 * HALF));
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= WORDS; i++) {
            int at = bits.shiftRight(HALF * Byte.SIZE - i * WORD_BITS).intValue() & (1 << WORD_BITS) - 1;
            words.add(Words.LIST.get(at));
        }
        return new SafetyNumber("0".repeat(DIGITS - number.length()) + number, words);
    }

    /** Whether somebody who reads this number has this one; white space and dashes do not count. */
    public boolean hasNumber(String text) {
        return text.replaceAll("[\\s-]", "").equals(number);
    }

    /** Whether somebody who reads these words has these; case and what stands between them do not count. */
    public boolean hasWords(String text) {
        return List.of(text.strip().toLowerCase(Locale.ROOT).split("[\\s,.-]+")).equals(words);
    }

    private static byte[] stretch(String password) {
        PBEKeySpec spec = new PBEKeySpec(
                password.toCharArray(), SALT.getBytes(StandardCharsets.US_ASCII), ITERATIONS, 2 * HALF * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2 with SHA-512", e);
        }
    }

    /** Read when first asked for. */
    private static final class Words {
        static final List<String> LIST = read();

        private static List<String> read() {
            try (InputStream in = SafetyNumber.class.getResourceAsStream("words.txt")) {
                List<String> words = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .toList();
                if (words.size() != 1 << WORD_BITS) {
                    throw new IllegalStateException("the word list is not whole");
                }
                return words;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
