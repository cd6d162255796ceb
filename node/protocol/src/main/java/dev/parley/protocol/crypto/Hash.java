package dev.parley.protocol.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** H (SHA-256) and HKDF (RFC 5869 with SHA-256), by the JDK. */
public final class Hash {
    /** Length of a hash and of a pseudo-random key, in bytes. */
    public static final int LENGTH = 32;

    private Hash() {}

    /** Returns H of the concatenation. */
    public static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** HKDF-Extract. */
    public static Secret extract(Secret salt, Secret inputKeyingMaterial) {
        return derive(HKDFParameterSpec.ofExtract()
                .addSalt(new RawKey(salt.reveal(), "Generic"))
                .addIKM(new RawKey(inputKeyingMaterial.reveal(), "Generic"))
                .extractOnly());
    }

    /** HKDF-Expand to {@code length} bytes, at most 8,160. */
    public static Secret expand(Secret pseudoRandomKey, byte[] info, int length) {
        return derive(HKDFParameterSpec.expandOnly(new RawKey(pseudoRandomKey.reveal(), "Generic"), info, length));
    }

    /** By name of the provider: without it the JDK loads whatever provider there is, BouncyCastle's 600 classes among them, to choose. */
    private static Secret derive(HKDFParameterSpec parameters) {
        try {
            return Secret.own(KDF.getInstance("HKDF-SHA256", "SunJCE").deriveData(parameters));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }
}
