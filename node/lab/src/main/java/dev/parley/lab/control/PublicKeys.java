package dev.parley.lab.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * Who somebody says that it is, and the keys that go with it.
 *
 * @param name what it is known by, a claim
 * @param rsa opens what is wrapped for it
 * @param agreement X25519: used only where each side has no secret of its own to open
 */
public record PublicKeys(String name, PublicKey rsa, PublicKey agreement) {
    byte[] encode() {
        return Parts.join(name.getBytes(StandardCharsets.UTF_8), rsa.getEncoded(), agreement.getEncoded());
    }

    static PublicKeys decode(byte[] bytes) throws IOException {
        byte[][] parts = Parts.split(bytes, 3);
        try {
            return new PublicKeys(
                    new String(parts[0], StandardCharsets.UTF_8),
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(parts[1])),
                    KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(parts[2])));
        } catch (GeneralSecurityException e) {
            throw new IOException("no public keys: " + e.getMessage(), e);
        }
    }

    /** Whether the keys are the same, whatever the name. */
    boolean sameKeys(PublicKeys other) {
        return Arrays.equals(rsa.getEncoded(), other.rsa.getEncoded())
                && Arrays.equals(agreement.getEncoded(), other.agreement.getEncoded());
    }

    @Override
    public String toString() {
        return name;
    }
}
