package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.MalformedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** What section 2 asks of an identity key, and its one encoding. */
final class RsaKeys {
    static final int MIN_BITS = 2_048;
    static final int MAX_BITS = 4_096;
    static final BigInteger EXPONENT = RSAKeyGenParameterSpec.F4;

    private RsaKeys() {}

    /** Parses a SubjectPublicKeyInfo and refuses every encoding but the canonical one. */
    static RSAPublicKey parse(byte[] spki) throws MalformedException {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            RSAPublicKey parsed = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(spki));
            if (!allowed(parsed.getModulus(), parsed.getPublicExponent())) {
                throw new MalformedException("RSA key out of range");
            }
            // Built anew from its numbers: a parsed key answers getEncoded with the bytes it was given.
            RSAPublicKey key = (RSAPublicKey)
                    factory.generatePublic(new RSAPublicKeySpec(parsed.getModulus(), parsed.getPublicExponent()));
            if (!Arrays.equals(key.getEncoded(), spki)) {
                throw new MalformedException("RSA key not in its canonical encoding");
            }
            return key;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new MalformedException("not an RSA key");
        }
    }

    static boolean allowed(BigInteger modulus, BigInteger exponent) {
        return modulus.signum() > 0
                && modulus.testBit(0)
                && modulus.bitLength() >= MIN_BITS
                && modulus.bitLength() <= MAX_BITS
                && exponent.equals(EXPONENT);
    }

    static PeerId peerId(byte[] spki) {
        try {
            return PeerId.of(MessageDigest.getInstance("SHA-256").digest(spki));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
