package dev.parley.lab.control.weak;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;

/** X25519, by the JDK: the keys of the door. */
public final class Curve {
    /** Length of an encoded public key in bytes. */
    public static final int PUBLIC = 44;

    private static final String NAME = "X25519";

    private Curve() {}

    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no X25519", e);
        }
    }

    /** @throws GeneralSecurityException if the public key is none */
    public static byte[] agree(PrivateKey own, byte[] other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(NAME);
        agreement.init(own);
        agreement.doPhase(KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(other)), true);
        return agreement.generateSecret();
    }
}
