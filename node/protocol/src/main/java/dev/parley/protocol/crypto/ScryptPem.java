package dev.parley.protocol.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * PKCS#8 under a passphrase by scrypt (RFC 7914, PBES2, AES-256-CBC), which this JDK does not know. Written with N = 2^14, r = 8,
 * p = 5: one of the equivalent settings of OWASP's Password Storage Cheat Sheet, and with 16 MiB one that
 * {@code openssl pkcs8} opens, whose bound is 32 MiB.
 */
final class ScryptPem {
    static final int N = 1 << 14;
    static final int R = 8;
    static final int P = 5;

    private static final ASN1ObjectIdentifier SCRYPT = new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11");
    private static final int SALT = 16;
    private static final int KEY = 32;
    private static final int IV = 16;
    /** What a foreign file may cost: memory in bytes, and passes. */
    private static final long MEMORY_AT_MOST = 1L << 28;

    private static final int PASSES_AT_MOST = 32;
    private static final String WRONG = "the key does not open with this passphrase";
    private static final String DAMAGED = "the encrypted key is damaged";

    private ScryptPem() {}

    static byte[] encrypt(byte[] der, char[] passphrase, SecureRandom random) {
        byte[] salt = bytes(SALT, random);
        byte[] iv = bytes(IV, random);
        byte[] key = derive(passphrase, salt, N, R, P);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, iv).doFinal(der);
            ASN1EncodableVector parameters = new ASN1EncodableVector();
            parameters.add(new DEROctetString(salt));
            parameters.add(new ASN1Integer(N));
            parameters.add(new ASN1Integer(R));
            parameters.add(new ASN1Integer(P));
            parameters.add(new ASN1Integer(KEY));
            PBES2Parameters scheme = new PBES2Parameters(
                    new KeyDerivationFunc(SCRYPT, new DERSequence(parameters)),
                    new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
            return new EncryptedPrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, scheme), sealed)
                    .getEncoded("DER");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot encrypt a private key", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** @return empty where it is encrypted in another way; throws IllegalArgumentException that says what is wrong */
    static Optional<byte[]> decrypt(byte[] encrypted, char[] passphrase) {
        EncryptedPrivateKeyInfo info;
        PBES2Parameters scheme;
        try {
            info = EncryptedPrivateKeyInfo.getInstance(encrypted);
            if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
                return Optional.empty();
            }
            scheme = PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException(DAMAGED);
        }
        return scheme.getKeyDerivationFunc().getAlgorithm().equals(SCRYPT)
                ? Optional.of(decrypt(info, scheme, passphrase))
                : Optional.empty();
    }

    private static byte[] decrypt(EncryptedPrivateKeyInfo info, PBES2Parameters scheme, char[] passphrase) {
        byte[] key = keyOf(scheme, passphrase);
        try {
            byte[] iv = ASN1OctetString.getInstance(scheme.getEncryptionScheme().getParameters())
                    .getOctets();
            byte[] der = cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(info.getEncryptedData());
            // One wrong key in 256 leaves a padding that looks right.
            if (PrivateKeyInfo.getInstance(der).getPrivateKeyAlgorithm() == null) {
                throw new IllegalArgumentException(WRONG);
            }
            return der;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException(WRONG);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] keyOf(PBES2Parameters scheme, char[] passphrase) {
        byte[] salt;
        int n;
        int r;
        int p;
        try {
            if (!scheme.getEncryptionScheme().getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC)) {
                throw new IllegalArgumentException();
            }
            ASN1Sequence parameters =
                    ASN1Sequence.getInstance(scheme.getKeyDerivationFunc().getParameters());
            salt = ASN1OctetString.getInstance(parameters.getObjectAt(0)).getOctets();
            n = number(parameters, 1);
            r = number(parameters, 2);
            p = number(parameters, 3);
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException("the key's encryption is not known: scrypt with AES-256-CBC is");
        }
        if (n < 2
                || Integer.bitCount(n) != 1
                || r < 1
                || p < 1
                || p > PASSES_AT_MOST
                || 128L * n * r > MEMORY_AT_MOST) {
            throw new IllegalArgumentException("the key's encryption asks for more work than this node does");
        }
        return derive(passphrase, salt, n, r, p);
    }

    private static int number(ASN1Sequence parameters, int at) {
        return ASN1Integer.getInstance(parameters.getObjectAt(at)).intValueExact();
    }

    private static byte[] derive(char[] passphrase, byte[] salt, int n, int r, int p) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        try {
            return SCrypt.generate(bytes, salt, n, r, p, KEY);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(encoded.array(), (byte) 0);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, new RawKey(key, "AES"), new IvParameterSpec(iv));
        return cipher;
    }

    private static byte[] bytes(int length, SecureRandom random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
