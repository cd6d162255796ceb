package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * Signatures by identity keys: RSASSA-PSS (RFC 8017), SHA-256, MGF1 with SHA-256, a salt of 32 bytes, over
 * {@code purpose | 0x00 | message}. The purpose is part of what is signed, so that a signature made for one is worth nothing
 * for another; a signature is as long as the modulus.
 */
public final class IdentitySignature {
    private static final PSSParameterSpec PARAMETERS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private IdentitySignature() {}

    /**
     * Signs; costs about as much as an unwrap, so not on an event loop.
     *
     * @param purpose printable ASCII, not empty, the same for all signatures that say the same kind of thing
     */
    public static byte[] sign(IdentityKey key, String purpose, byte[] message) {
        try {
            Signature signature = engine();
            // The JDK's: no provider but it is asked for signatures.
            signature.initSign(key.reveal(Crypto.jdk()));
            update(signature, purpose, message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign with the identity key", e);
        }
    }

    /** For {@link Succession} alone: DER begins with 0x30 0x82, so that it cannot be taken for a purpose and a message. */
    static byte[] signCertificate(IdentityKey key, byte[] tbs) {
        try {
            Signature signature = engine();
            signature.initSign(key.reveal(Crypto.jdk()));
            signature.update(tbs);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign with the identity key", e);
        }
    }

    /** Says whether the signature is one by the key's holder, for this purpose, over this message; never throws for a bad one. */
    public static boolean verify(RSAPublicKey key, String purpose, byte[] message, byte[] signature) {
        try {
            Signature engine = engine();
            engine.initVerify(key);
            update(engine, purpose, message);
            return engine.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Parses a SubjectPublicKeyInfo as strictly as a handshake does.
     *
     * @throws MalformedException if it is no identity key in its canonical encoding
     */
    public static RSAPublicKey publicKey(byte[] spki) throws MalformedException {
        return RsaKeys.parse(spki);
    }

    private static Signature engine() throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(PARAMETERS);
        return signature;
    }

    private static void update(Signature signature, String purpose, byte[] message) throws GeneralSecurityException {
        byte[] name = purpose.getBytes(StandardCharsets.US_ASCII);
        if (name.length == 0 || !purpose.chars().allMatch(each -> each >= ' ' && each <= '~')) {
            throw new IllegalArgumentException("a purpose is printable ASCII");
        }
        signature.update(name);
        signature.update((byte) 0);
        signature.update(message);
    }
}
