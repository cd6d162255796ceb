package dev.parley.bench;

import dev.parley.protocol.crypto.IdentityKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * RSA-2048 keys by the hundred, for load only: n primes make n(n-1)/2 keys, because making a prime is what takes long. Keys
 * that share primes protect nothing: anybody finds the primes of two of them by one greatest common divisor.
 */
public final class ThrowawayKeys {

    private static final int PRIME_BITS = 1_024;
    private static final BigInteger E = BigInteger.valueOf(65_537);
    private static final int PEM_LINE = 64;

    private ThrowawayKeys() {}

    /** Makes {@code count} different keys. */
    public static List<IdentityKey> make(int count) {
        SecureRandom random = new SecureRandom();
        List<BigInteger> primes = new ArrayList<>();
        List<IdentityKey> keys = new ArrayList<>(count);
        while (keys.size() < count) {
            BigInteger fresh = prime(random);
            for (int i = 0; i < primes.size() && keys.size() < count; i++) {
                keys.add(key(primes.get(i), fresh));
            }
            primes.add(fresh);
        }
        return keys;
    }

    /** A prime with its two highest bits set, so that the product of any two has 2,048 bits. */
    private static BigInteger prime(SecureRandom random) {
        while (true) {
            BigInteger prime = BigInteger.probablePrime(PRIME_BITS, random);
            if (prime.testBit(PRIME_BITS - 2)
                    && prime.subtract(BigInteger.ONE).gcd(E).equals(BigInteger.ONE)) {
                return prime;
            }
        }
    }

    private static IdentityKey key(BigInteger p, BigInteger q) {
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        BigInteger d = E.modInverse(p1.multiply(q1).divide(p1.gcd(q1)));
        try {
            byte[] pkcs8 = KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new RSAPrivateCrtKeySpec(p.multiply(q), E, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)))
                    .getEncoded();
            return IdentityKey.fromPem("-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(pkcs8)
                    + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has RSA", impossible);
        }
    }
}
