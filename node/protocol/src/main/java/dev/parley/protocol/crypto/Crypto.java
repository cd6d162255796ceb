package dev.parley.protocol.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * Which JCA provider does the RSA and AES work: Amazon Corretto Crypto Provider where its native library loads and
 * passes its self test, else the JDK's own. X-Wing is always BouncyCastle's. Immutable.
 */
public final class Crypto {
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final Crypto JDK = new Crypto("JDK", Security.getProvider("SunJCE"));

    private final String name;
    private final Provider provider;

    private Crypto(String name, Provider provider) {
        this.name = name;
        this.provider = provider;
    }

    /** The JDK's providers. */
    public static Crypto jdk() {
        return JDK;
    }

    /** The fastest that works here; loading the native library may take 0.1 s the first time. */
    public static Crypto best() {
        return Best.CRYPTO;
    }

    /** Returns the name to show: "Corretto" or "JDK". */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Crypto[" + name + "]";
    }

    Cipher cipher(String transformation) throws GeneralSecurityException {
        return Cipher.getInstance(transformation, provider);
    }

    /**
     * Returns an RSA key of the JDK's in the form that this provider works on. Costs about as much as an unwrap, and a
     * cipher would do it at each one: to be kept.
     */
    PrivateKey translate(PrivateKey key) {
        if (this == JDK) {
            return key;
        }
        try {
            return (PrivateKey) keys(provider).translateKey(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(name + " does not take the identity key", e);
        }
    }

    Mac mac(String algorithm) throws GeneralSecurityException {
        return Mac.getInstance(algorithm, provider);
    }

    private static KeyFactory keys(Provider provider) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA", provider);
    }

    /** Loaded when first asked for. */
    private static final class Best {
        static final Crypto CRYPTO = find();

        private static Crypto find() {
            try {
                // By name: the library exists for Linux only and is no dependency of the compiler.
                Class<?> type = Class.forName(CORRETTO);
                Provider provider = (Provider) type.getField("INSTANCE").get(null);
                type.getMethod("assertHealthy").invoke(provider);
                Crypto corretto = new Crypto("Corretto", provider);
                corretto.cipher("AES/GCM/NoPadding");
                corretto.cipher("AES/CBC/PKCS5Padding");
                corretto.cipher(KeyTransport.OAEP);
                corretto.mac("HmacSHA512");
                keys(provider);
                return corretto;
            } catch (ReflectiveOperationException | GeneralSecurityException | LinkageError e) {
                return jdk();
            }
        }
    }
}
