package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Role;
import dev.parley.protocol.wire.Text;
import dev.parley.protocol.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/** {@code ck, h, k, n} and what section 4 does with them. */
final class SymmetricState implements AutoCloseable {
    private static final String PROTOCOL = "PSP/1 pqXX X-Wing RSA-OAEP-SHA256 HKDF-SHA256";
    private static final byte[] NOTHING = {};

    private final Crypto crypto;
    private final SecureRandom random;
    private Suite suite;
    private Secret chainingKey;
    private byte[] hash;
    private Secret key;
    private long n;

    SymmetricState(Crypto crypto, SecureRandom random) {
        this.crypto = crypto;
        this.random = random;
        hash = Hash.sha256(ascii(PROTOCOL));
        chainingKey = Secret.own(hash.clone());
    }

    /** Fixes the suite, chosen in ACCEPT. */
    void suite(Suite chosen) {
        suite = chosen;
    }

    Suite suite() {
        return suite;
    }

    void mixHash(byte[]... parts) {
        byte[][] all = new byte[parts.length + 1][];
        all[0] = hash;
        System.arraycopy(parts, 0, all, 1, parts.length);
        hash = Hash.sha256(all);
    }

    /** Does not wipe {@code secret}. */
    void mixKey(Secret secret) {
        try (Secret prk = Hash.extract(chainingKey, secret)) {
            chainingKey.close();
            chainingKey = Hash.expand(prk, ascii("psp1 ck"), Hash.LENGTH);
            if (key != null) {
                key.close();
            }
            key = Hash.expand(prk, ascii("psp1 k"), Hash.LENGTH);
            n = 0;
        }
    }

    byte[] encryptAndHash(byte[] plaintext) {
        try (Aead aead = aead("psp1 handshake")) {
            byte[] sealed = aead.seal(n, hash, plaintext);
            n++;
            mixHash(sealed);
            return sealed;
        }
    }

    byte[] decryptAndHash(byte[] sealed) throws CryptoException {
        try (Aead aead = aead("psp1 handshake")) {
            byte[] plaintext = aead.open(n, hash, sealed);
            n++;
            mixHash(sealed);
            return plaintext;
        }
    }

    /** Builds a whole ALERT frame; it does not enter the transcript. */
    byte[] alert(Role sender, Failure failure, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] plaintext =
                new Writer(1 + text.length).u8(failure.code()).bytes(text).toBytes();
        try (Aead aead = aead(alertLabel(sender))) {
            return FrameType.ALERT.frame(aead.seal(0, hash, plaintext));
        }
    }

    PeerAlert openAlert(Role sender, byte[] body) throws HandshakeException {
        byte[] plaintext;
        try (Aead aead = aead(alertLabel(sender))) {
            plaintext = aead.open(0, hash, body);
        } catch (CryptoException e) {
            throw HandshakeException.reject(Failure.HANDSHAKE_FAILED, "ALERT does not open");
        }
        if (plaintext.length == 0 || plaintext.length > 1 + Limits.REASON) {
            throw HandshakeException.reject(Failure.MALFORMED, "ALERT malformed");
        }
        int code = plaintext[0] & 0xff;
        String reason = Text.show(Arrays.copyOfRange(plaintext, 1, plaintext.length));
        return new PeerAlert(Failure.of(code), code, reason);
    }

    /** Derives the session's keys; this state is wiped by it. */
    SessionKeys split() {
        try (this) {
            return new SessionKeys(
                    suite,
                    Hash.expand(chainingKey, label("psp1 i2r", hash), Hash.LENGTH),
                    Hash.expand(chainingKey, label("psp1 r2i", hash), Hash.LENGTH),
                    Hash.expand(chainingKey, label("psp1 ratchet", hash), Hash.LENGTH),
                    Hash.expand(chainingKey, label("psp1 session id", hash), SessionKeys.SESSION_ID));
        }
    }

    @Override
    public void close() {
        chainingKey.close();
        if (key != null) {
            key.close();
        }
    }

    byte[] hash() {
        return hash.clone();
    }

    byte[] chainingKey() {
        return chainingKey.reveal().clone();
    }

    byte[] key() {
        return key == null ? NOTHING : key.reveal().clone();
    }

    long n() {
        return n;
    }

    private Aead aead(String label) {
        Secret derived = Hash.expand(key, label(label, new byte[] {(byte) suite.id()}), suite.keyLength());
        return Aead.of(suite, derived, crypto, random);
    }

    private static String alertLabel(Role sender) {
        return "psp1 alert " + (sender == Role.INITIATOR ? "i" : "r");
    }

    private static byte[] label(String text, byte[] tail) {
        return new Writer(text.length() + tail.length)
                .bytes(ascii(text))
                .bytes(tail)
                .toBytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
