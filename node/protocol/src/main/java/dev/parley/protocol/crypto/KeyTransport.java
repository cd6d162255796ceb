package dev.parley.protocol.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** RSA-OAEP with SHA-256 and MGF1-SHA-256: wraps of 32-byte secrets, and their implicit rejection (section 4, "Failing"). */
public final class KeyTransport {
    /** Length of a wrapped secret in bytes. */
    public static final int SECRET = 32;

    static final String OAEP = "RSA/ECB/OAEPPadding";
    /** In full: the JDK's named transformation would mean MGF1 with SHA-1. */
    private static final OAEPParameterSpec PARAMETERS =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private KeyTransport() {}

    /** Returns the length in bytes of a wrap under this key: that of its modulus. */
    public static int wrapLength(RSAPublicKey key) {
        return Math.ceilDiv(key.getModulus().bitLength(), Byte.SIZE);
    }

    /** Wraps a secret of 32 bytes; throws where the library refuses the key. */
    public static byte[] wrap(RSAPublicKey key, Secret secret, Crypto crypto, SecureRandom random)
            throws CryptoException {
        try {
            Cipher cipher = crypto.cipher(OAEP);
            cipher.init(Cipher.ENCRYPT_MODE, key, PARAMETERS, random);
            return cipher.doFinal(secret.reveal());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CryptoException();
        }
    }

    /**
     * Unwraps a secret and never says that it failed: random bytes take the place of a failed result, and the private
     * operation is done whatever the wrap looks like.
     */
    public static Secret unwrap(IdentityKey key, byte[] wrap, Crypto crypto, SecureRandom random) {
        byte[] substitute = new byte[SECRET];
        random.nextBytes(substitute);
        boolean possible = possible(wrap, key.publicKey());
        byte[] opened = open(key, possible ? wrap : key.decoy(), crypto);
        boolean good = possible & opened.length == SECRET;
        byte[] candidate = opened.length == SECRET ? opened : new byte[SECRET];
        byte mask = (byte) (good ? -1 : 0);
        for (int i = 0; i < SECRET; i++) {
            substitute[i] = (byte) (candidate[i] & mask | substitute[i] & ~mask);
        }
        java.util.Arrays.fill(opened, (byte) 0);
        return Secret.own(substitute);
    }

    /** A wrap of zeros, whose value nobody relies on. */
    static byte[] decoy(RSAPublicKey key) {
        try (Secret zeros = Secret.own(new byte[SECRET])) {
            return wrap(key, zeros, Crypto.jdk(), new SecureRandom());
        } catch (CryptoException e) {
            throw new IllegalStateException("this Java cannot wrap under the identity key", e);
        }
    }

    private static boolean possible(byte[] wrap, RSAPublicKey key) {
        return wrap.length == wrapLength(key) && new BigInteger(1, wrap).compareTo(key.getModulus()) < 0;
    }

    private static byte[] open(IdentityKey key, byte[] wrap, Crypto crypto) {
        // Outside: that the provider does not take our key is a fault of the node, and no wrap would ever open.
        PrivateKey privateKey = key.reveal(crypto);
        try {
            Cipher cipher = crypto.cipher(OAEP);
            cipher.init(Cipher.DECRYPT_MODE, privateKey, PARAMETERS);
            return cipher.doFinal(wrap);
        } catch (GeneralSecurityException | RuntimeException e) {
            return new byte[0];
        }
    }
}
