package dev.parley.authority;

import dev.parley.authority.AuthorityException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * An authority's private key as PKCS#8 PEM, under a passphrase with PBES2: scrypt (RFC 7914) and AES-256-CBC, as
 * {@code openssl pkcs8} reads it too.
 */
final class KeyFile {

    /** 16 MiB five times over: OWASP's advice (Password Storage Cheat Sheet), within what openssl allows by itself. */
    private static final int SCRYPT_N = 1 << 14;

    private static final int SCRYPT_R = 8;
    private static final int SCRYPT_P = 5;
    private static final int SALT = 16;
    private static final String PLAIN = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    private KeyFile() {}

    static String write(PrivateKey key, Optional<char[]> passphrase, SecureRandom random) {
        if (passphrase.isEmpty()) {
            return Pem.write(PLAIN, key.getEncoded());
        }
        try {
            var scrypt = new ScryptConfig.Builder(SCRYPT_N, SCRYPT_R, SCRYPT_P)
                    .withSaltLength(SALT)
                    .build();
            var encryptor = new JcePKCSPBEOutputEncryptorBuilder(scrypt, NISTObjectIdentifiers.id_aes256_CBC)
                    .setProvider(BC)
                    .setRandom(random)
                    .build(passphrase.get());
            return Pem.write(
                    ENCRYPTED,
                    new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key)
                            .build(encryptor)
                            .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("the key cannot be encrypted", e);
        }
    }

    static boolean isEncrypted(Path file) throws IOException, AuthorityException {
        return Pem.read(file, "a private key").getType().equals(ENCRYPTED);
    }

    static PrivateKey read(Path file, Optional<char[]> passphrase) throws IOException, AuthorityException {
        PemObject pem = Pem.read(file, "a private key");
        try {
            PrivateKeyInfo info = switch (pem.getType()) {
                case PLAIN -> PrivateKeyInfo.getInstance(pem.getContent());
                case ENCRYPTED -> decrypt(pem.getContent(), passphrase);
                default -> throw AuthorityException.bad("'" + file + "' is not a private key in PKCS#8");
            };
            return new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (IllegalArgumentException e) {
            throw AuthorityException.bad("the private key '" + file + "' is damaged");
        }
    }

    private static PrivateKeyInfo decrypt(byte[] der, Optional<char[]> passphrase)
            throws IOException, AuthorityException {
        if (passphrase.isEmpty()) {
            throw new AuthorityException(Kind.PASSPHRASE, "the authority's key needs its passphrase");
        }
        try {
            return new PKCS8EncryptedPrivateKeyInfo(der)
                    .decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                            .setProvider(BC)
                            .build(passphrase.get()));
        } catch (PKCSException | IllegalArgumentException e) {
            throw new AuthorityException(Kind.PASSPHRASE, "the authority's key does not open with this passphrase");
        }
    }
}
