package dev.parley.lab.control;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;

/** Keys whose private halves are here. */
public final class OwnKeys implements Keys {
    private static final int BITS = 2048;
    private static final Map<String, OwnKeys> MADE = new ConcurrentHashMap<>();

    private final KeyPair rsa;
    private final KeyPair agreement;
    private final PublicKeys shown;

    private OwnKeys(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            rsa = generator.generateKeyPair();
            agreement = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        shown = new PublicKeys(name, rsa.getPublic(), agreement.getPublic());
    }

    /** Fresh ones for each owner, the same as long as the JVM lives: making them takes longer than most attacks. */
    public static OwnKeys of(String owner) {
        return MADE.computeIfAbsent(owner, OwnKeys::new);
    }

    @Override
    public PublicKeys shown() {
        return shown;
    }

    @Override
    public byte[] unwrap(String transformation, byte[] wrapped) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(Cipher.DECRYPT_MODE, rsa.getPrivate());
        return cipher.doFinal(wrapped);
    }

    @Override
    public byte[] agree(PublicKey other) throws GeneralSecurityException {
        return agree(agreement, other);
    }

    @Override
    public byte[] seed() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(rsa.getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] agree(KeyPair own, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(own.getPrivate());
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    @Override
    public String toString() {
        return "the keys of " + shown.name();
    }
}
