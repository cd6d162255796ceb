package dev.parley.protocol.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The private RSA key that a node is: modulus of 2048 to 4096 bits, e = 65537. Safe for use by several threads.
 *
 * <p>It unwraps handshake secrets and makes the signatures of {@link IdentitySignature}, nothing else; nothing of it is in
 * toString.
 */
public final class IdentityKey {
    /** Modulus length in bits of a generated key. */
    public static final int USUAL_BITS = 3_072;

    private final RSAPrivateCrtKey privateKey;
    private final RSAPublicKey publicKey;
    private final byte[] spki;
    private final PeerId peerId;
    private final byte[] decoy;
    /** As each provider that has unwrapped with it works on it. */
    private final Map<Crypto, PrivateKey> translated = new ConcurrentHashMap<>();

    private IdentityKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.spki = publicKey.getEncoded();
        this.peerId = RsaKeys.peerId(spki);
        this.decoy = KeyTransport.decoy(publicKey);
    }

    /**
     * Generates a key; takes from a tenth of a second to seconds.
     *
     * @param bits length of the modulus, 2048 to 4096
     */
    public static IdentityKey generate(int bits, SecureRandom random) {
        if (bits < RsaKeys.MIN_BITS || bits > RsaKeys.MAX_BITS) {
            throw new IllegalArgumentException("an identity key has 2048 to 4096 bits");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, RsaKeys.EXPONENT), random);
            KeyPair pair = generator.generateKeyPair();
            return new IdentityKey((RSAPrivateCrtKey) pair.getPrivate(), (RSAPublicKey) pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot generate RSA keys", e);
        }
    }

    /** Reads an unencrypted PEM, PKCS#8 or PKCS#1; throws IllegalArgumentException that says what is wrong. */
    public static IdentityKey fromPem(String pem) {
        return ofPkcs8(KeyPem.read(pem));
    }

    /**
     * Reads a PKCS#8 PEM, encrypted (PBES2: scrypt or PBKDF2, and AES) or not, or a PKCS#1 PEM that is not encrypted.
     *
     * @param passphrase not wiped; not used where the PEM is not encrypted
     * @throws IllegalArgumentException that says what is wrong, a wrong passphrase among it
     */
    public static IdentityKey fromPem(String pem, char[] passphrase) {
        return ofPkcs8(KeyPem.read(pem, passphrase));
    }

    /** Says whether a PEM text is an encrypted private key, so that a passphrase is needed. */
    public static boolean encrypted(String pem) {
        return KeyPem.encrypted(pem);
    }

    /** Writes an unencrypted PKCS#8 PEM. The caller keeps it secret. */
    public String toPem() {
        byte[] der = privateKey.getEncoded();
        try {
            return KeyPem.write(der);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /** Writes a PKCS#8 PEM encrypted with PBES2: PBKDF2-HMAC-SHA-256, 600,000 iterations, AES-256-CBC. Takes part of a second. */
    public String toPem(char[] passphrase, SecureRandom random) {
        byte[] der = privateKey.getEncoded();
        try {
            return KeyPem.write(der, passphrase, random);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /** Writes a PKCS#8 PEM encrypted with PBES2: scrypt (N = 2^14, r = 8, p = 5), AES-256-CBC. Takes part of a second and 16 MiB. */
    public String toPemByScrypt(char[] passphrase, SecureRandom random) {
        byte[] der = privateKey.getEncoded();
        try {
            return KeyPem.writeByScrypt(der, passphrase, random);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /** The certificates that stand beside the key in a PEM text, DER, in their order; throws IllegalArgumentException for a damaged one. */
    public static List<byte[]> certificates(String pem) {
        return KeyPem.certificates(pem);
    }

    /** A certificate as PEM. */
    public static String certificatePem(byte[] der) {
        return KeyPem.certificate(der);
    }

    /** Returns whose key this is. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the length of the modulus in bits. */
    public int bits() {
        return publicKey.getModulus().bitLength();
    }

    /** Returns the public key. */
    public RSAPublicKey publicKey() {
        return publicKey;
    }

    /** Returns a copy of the public key as SubjectPublicKeyInfo, DER. */
    public byte[] spki() {
        return spki.clone();
    }

    @Override
    public String toString() {
        return "IdentityKey[" + peerId + "]";
    }

    /** The one door to the private key, for this package alone; the same object at each call for one provider. */
    PrivateKey reveal(Crypto crypto) {
        return translated.computeIfAbsent(crypto, provider -> provider.translate(privateKey));
    }

    /** A good wrap, unwrapped in place of one that cannot be one. */
    byte[] decoy() {
        return decoy;
    }

    private static IdentityKey ofPkcs8(byte[] der) {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(der)) instanceof RSAPrivateCrtKey key)
                    || !RsaKeys.allowed(key.getModulus(), key.getPublicExponent())) {
                throw new IllegalArgumentException("the key is not RSA of 2048 to 4096 bits with exponent 65537");
            }
            RSAPublicKey publicKey = (RSAPublicKey)
                    factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new IdentityKey(key, publicKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is not an RSA private key in PKCS#8");
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }
}
