package dev.parley.evidence;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An Ed25519 key (RFC 8032) that signs one checkpoint. The bytes of the private half are ours and are overwritten on close; the
 * JDK's copy of them lives only while it signs, until it is collected.
 */
public final class SealKey implements AutoCloseable {
    /** Length of either half in bytes. */
    public static final int LENGTH = 32;
    /** Length of a signature in bytes. */
    public static final int SIGNATURE = 64;

    private static final String ALGORITHM = "Ed25519";
    /** RFC 8410: what comes before the 32 bytes in a SubjectPublicKeyInfo. */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] seed;
    private final byte[] publicKey;

    private SealKey(byte[] seed, byte[] publicKey) {
        this.seed = seed;
        this.publicKey = publicKey;
    }

    /** Makes a key. */
    public static SealKey generate(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            KeyPair pair = generator.generateKeyPair();
            byte[] spki = pair.getPublic().getEncoded();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate())
                    .getBytes()
                    .orElseThrow(() -> new IllegalStateException("this Java hides Ed25519 keys"));
            return new SealKey(seed, Arrays.copyOfRange(spki, SPKI.length, spki.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make Ed25519 keys", e);
        }
    }

    /**
     * A key that was kept.
     *
     * @param seed the private half, 32 bytes, copied
     * @param publicKey the public half, 32 bytes
     * @throws IllegalArgumentException if the halves are not of one key
     */
    public static SealKey of(byte[] seed, byte[] publicKey) {
        if (seed.length != LENGTH || publicKey.length != LENGTH) {
            throw new IllegalArgumentException("the halves of an Ed25519 key have 32 bytes each");
        }
        var key = new SealKey(seed.clone(), publicKey.clone());
        byte[] probe = {1};
        if (!verify(publicKey, probe, key.sign(probe))) {
            throw new IllegalArgumentException("not the halves of one Ed25519 key");
        }
        return key;
    }

    /** Signs. @throws IllegalStateException if the key is erased */
    public byte[] sign(byte[] text) {
        if (Arrays.equals(seed, new byte[LENGTH])) {
            throw new IllegalStateException("the key is erased");
        }
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign with Ed25519", e);
        }
    }

    /** Says whether the signature is one by the holder of this public key; never throws for a bad one. */
    public static boolean verify(byte[] publicKey, byte[] text, byte[] signature) {
        try {
            byte[] spki = Arrays.copyOf(SPKI, SPKI.length + LENGTH);
            System.arraycopy(publicKey, 0, spki, SPKI.length, LENGTH);
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(spki));
            Signature engine = Signature.getInstance(ALGORITHM);
            engine.initVerify(key);
            engine.update(text);
            return engine.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A copy of the public half. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The private half, for whoever keeps it where it survives the process: a copy, to be wiped by the caller. */
    public byte[] revealSeed() {
        return seed.clone();
    }

    SealKey copy() {
        return new SealKey(seed.clone(), publicKey.clone());
    }

    /** Erases the private half. */
    @Override
    public void close() {
        Arrays.fill(seed, (byte) 0);
    }

    @Override
    public String toString() {
        return "SealKey[*]";
    }
}
