package dev.parley.protocol.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * PKCS#8 private keys as PEM (RFC 7468), plain or under a passphrase (RFC 8018, PBES2). Plain RSA keys in PKCS#1, the form that
 * many issuers still write, are read too.
 */
final class KeyPem {
    private static final String PLAIN = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PBES2 = "PBEWithHmacSHA256AndAES_256";
    /** OWASP's advice for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). */
    private static final int ITERATIONS = 600_000;

    private static final int SALT = 16;
    private static final int IV = 16;
    private static final int LINE = 64;

    private KeyPem() {}

    static boolean encrypted(String pem) {
        return pem.contains(begin(ENCRYPTED));
    }

    static byte[] read(String pem) {
        if (encrypted(pem)) {
            throw new IllegalArgumentException("the key is encrypted and needs its passphrase");
        }
        return pem.contains(begin(PKCS1)) ? pkcs8(pem) : body(pem, PLAIN);
    }

    /** Puts the key of PKCS#1 (RFC 8017 appendix A.1.2) into the envelope of PKCS#8. */
    private static byte[] pkcs8(String pem) {
        if (pem.contains("Proc-Type:")) {
            throw new IllegalArgumentException(
                    "the key is encrypted in a form that is not known: convert it with `openssl pkcs8 -topk8`");
        }
        byte[] der = body(pem, PKCS1);
        try {
            return new PrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            RSAPrivateKey.getInstance(der))
                    .getEncoded();
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException("the PEM is damaged");
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    static byte[] read(String pem, char[] passphrase) {
        if (!encrypted(pem)) {
            return read(pem);
        }
        byte[] der = body(pem, ENCRYPTED);
        Optional<byte[]> byScrypt = ScryptPem.decrypt(der, passphrase);
        if (byScrypt.isPresent()) {
            return byScrypt.get();
        }
        EncryptedPrivateKeyInfo info;
        Cipher cipher;
        try {
            info = new EncryptedPrivateKeyInfo(der);
            cipher = Cipher.getInstance(info.getAlgName());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key's encryption is not known: PBES2 with scrypt, or PBKDF2, and AES is, as `openssl pkcs8 -topk8` makes it");
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, key(info.getAlgName(), passphrase), info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key does not open with this passphrase");
        }
    }

    static String write(byte[] der) {
        return text(PLAIN, der);
    }

    static String writeByScrypt(byte[] der, char[] passphrase, SecureRandom random) {
        return text(ENCRYPTED, ScryptPem.encrypt(der, passphrase, random));
    }

    /** The certificates in a PEM text, DER, in their order. */
    static List<byte[]> certificates(String pem) {
        List<byte[]> all = new ArrayList<>();
        for (int from = pem.indexOf(begin(CERTIFICATE)); from >= 0; from = pem.indexOf(begin(CERTIFICATE), from + 1)) {
            all.add(body(pem.substring(from), CERTIFICATE));
        }
        return all;
    }

    static String certificate(byte[] der) {
        return text(CERTIFICATE, der);
    }

    static String write(byte[] der, char[] passphrase, SecureRandom random) {
        byte[] salt = new byte[SALT];
        byte[] iv = new byte[IV];
        random.nextBytes(salt);
        random.nextBytes(iv);
        try {
            Cipher cipher = Cipher.getInstance(PBES2);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    key(PBES2, passphrase),
                    new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
            byte[] sealed = cipher.doFinal(der);
            // The cipher names its parameters after itself, and that name has no object identifier: PBES2 has.
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
            return text(ENCRYPTED, new EncryptedPrivateKeyInfo(parameters, sealed).getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot encrypt a private key", e);
        }
    }

    private static SecretKey key(String algorithm, char[] passphrase) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(passphrase);
        try {
            return SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] body(String pem, String label) {
        int from = pem.indexOf(begin(label));
        int to = pem.indexOf(end(label));
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("not a PKCS#8 private key in PEM");
        }
        try {
            return Base64.getMimeDecoder()
                    .decode(pem.substring(from + begin(label).length(), to));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the PEM is damaged");
        }
    }

    private static String text(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return begin(label) + "\n" + base64 + "\n" + end(label) + "\n";
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----";
    }

    private static String end(String label) {
        return "-----END " + label + "-----";
    }
}
