package dev.parley.protocol.crypto;

import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyGenerationParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyPairGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;

/**
 * The ephemeral KEM: X-Wing (X25519 and ML-KEM-768), draft-connolly-cfrg-xwing-kem, by BouncyCastle, in raw encodings.
 * Each operation takes about a quarter of a millisecond.
 */
public final class XWing {
    /** Length of an encapsulation key in bytes. */
    public static final int PUBLIC_KEY = 1_216;
    /** Length of a ciphertext in bytes. */
    public static final int CIPHERTEXT = 1_120;

    private XWing() {}

    /**
     * A fresh key pair; closing it wipes the seed.
     *
     * @param seed the 32 bytes that the decapsulation key is expanded from
     */
    public record KeyPair(byte[] publicKey, Secret seed) implements AutoCloseable {
        @Override
        public void close() {
            seed.close();
        }
    }

    /** A shared secret of 32 bytes and the ciphertext that carries it. */
    public record Encapsulation(byte[] ciphertext, Secret sharedSecret) {}

    /** Generates a key pair. */
    public static KeyPair generate(SecureRandom random) {
        XWingKeyPairGenerator generator = new XWingKeyPairGenerator();
        generator.init(new XWingKeyGenerationParameters(random));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        return new KeyPair(
                ((XWingPublicKeyParameters) pair.getPublic()).getEncoded(),
                // The seed alone is kept: it can be wiped, BouncyCastle's expanded key cannot.
                Secret.own(((XWingPrivateKeyParameters) pair.getPrivate()).getSeed()));
    }

    /** Encapsulates to a received key; throws if the key fails its checks. */
    public static Encapsulation encapsulate(byte[] publicKey, SecureRandom random) throws CryptoException {
        if (publicKey.length != PUBLIC_KEY) {
            throw new CryptoException();
        }
        try {
            SecretWithEncapsulation result =
                    new XWingKEMGenerator(random).generateEncapsulated(new XWingPublicKeyParameters(publicKey));
            return new Encapsulation(result.getEncapsulation(), Secret.own(result.getSecret()));
        } catch (RuntimeException e) {
            // Unchecked by the library: a low-order X25519 part, an ML-KEM part out of range.
            throw new CryptoException();
        }
    }

    /** Opens a received ciphertext; throws if its X25519 part is bad (a bad ML-KEM part yields another secret). */
    public static Secret decapsulate(Secret seed, byte[] ciphertext) throws CryptoException {
        if (ciphertext.length != CIPHERTEXT) {
            throw new CryptoException();
        }
        try {
            XWingPrivateKeyParameters key = new XWingPrivateKeyParameters(seed.reveal());
            return Secret.own(new XWingKEMExtractor(key).extractSecret(ciphertext));
        } catch (RuntimeException e) {
            throw new CryptoException();
        }
    }
}
