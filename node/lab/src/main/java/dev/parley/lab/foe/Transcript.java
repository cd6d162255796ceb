package dev.parley.lab.foe;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The key schedule of PSP/1 section 4, done by hand, so that a foe can mix in what it guesses, skip what it does not know and open
 * what others have sent.
 */
public final class Transcript {
    private static final String PROTOCOL = "PSP/1 pqXX X-Wing RSA-OAEP-SHA256 HKDF-SHA256";

    private final SecureRandom random;
    private Suite suite;
    private byte[] hash = Hash.sha256(ascii(PROTOCOL));
    private byte[] chain = hash.clone();
    private byte[] key = new byte[Hash.LENGTH];
    private long n;

    public Transcript(SecureRandom random) {
        this.random = random;
    }

    /** The same state once more, to try something on. */
    public Transcript copy() {
        Transcript other = new Transcript(random);
        other.suite = suite;
        other.hash = hash.clone();
        other.chain = chain.clone();
        other.key = key.clone();
        other.n = n;
        return other;
    }

    public void suite(Suite chosen) {
        suite = chosen;
    }

    public void mixHash(byte[]... parts) {
        byte[][] all = new byte[parts.length + 1][];
        all[0] = hash;
        System.arraycopy(parts, 0, all, 1, parts.length);
        hash = Hash.sha256(all);
    }

    public void mixKey(byte[] secret) {
        try (Secret salt = Secret.own(chain.clone());
                Secret input = Secret.own(secret.clone());
                Secret prk = Hash.extract(salt, input)) {
            chain = expand(prk, ascii("psp1 ck"), Hash.LENGTH);
            key = expand(prk, ascii("psp1 k"), Hash.LENGTH);
            n = 0;
        }
    }

    public byte[] seal(byte[] plaintext) {
        try (Aead aead = aead()) {
            byte[] sealed = aead.seal(n, hash, plaintext);
            n++;
            mixHash(sealed);
            return sealed;
        }
    }

    public byte[] open(byte[] sealed) throws CryptoException {
        try (Aead aead = aead()) {
            byte[] plaintext = aead.open(n, hash, sealed);
            n++;
            mixHash(sealed);
            return plaintext;
        }
    }

    /** The traffic keys that this state leads to: right only if all that went in was. */
    public Traffic split() {
        try (Secret prk = Secret.own(chain.clone())) {
            return new Traffic(
                    suite,
                    trafficKey(expand(prk, join(ascii("psp1 i2r"), hash), Hash.LENGTH)),
                    trafficKey(expand(prk, join(ascii("psp1 r2i"), hash), Hash.LENGTH)));
        }
    }

    /** The id of the session that this state leads to, before version and variant are set. */
    public byte[] sessionId() {
        try (Secret prk = Secret.own(chain.clone())) {
            return expand(prk, join(ascii("psp1 session id"), hash), 16);
        }
    }

    private byte[] trafficKey(byte[] secret) {
        try (Secret prk = Secret.own(secret)) {
            return expand(prk, join(ascii("psp1 key"), new byte[] {(byte) suite.id()}), suite.keyLength());
        }
    }

    private Aead aead() {
        try (Secret prk = Secret.own(key.clone())) {
            byte[] info = join(ascii("psp1 handshake"), new byte[] {(byte) suite.id()});
            return Aead.of(suite, Hash.expand(prk, info, suite.keyLength()), Crypto.jdk(), random);
        }
    }

    /**
     * The keys of one epoch, as bytes in a thief's hands.
     *
     * @param fromInitiator what the initiator seals with
     * @param fromResponder what the responder seals with
     */
    public record Traffic(Suite suite, byte[] fromInitiator, byte[] fromResponder) {
        public Traffic {
            fromInitiator = fromInitiator.clone();
            fromResponder = fromResponder.clone();
        }

        /** A frame around a record. */
        public byte[] seal(boolean initiator, long n, byte[] plaintext) {
            int length = suite.sealedLength(plaintext.length);
            byte[] header = {0x10, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
            try (Aead aead = aead(initiator)) {
                return join(header, aead.seal(n, header, plaintext));
            }
        }

        /** The record in a frame; null if it does not open. */
        public byte[] open(boolean initiator, long n, byte[] frame) {
            byte[] header = Arrays.copyOf(frame, 4);
            try (Aead aead = aead(initiator)) {
                return aead.open(n, header, Arrays.copyOfRange(frame, 4, frame.length));
            } catch (CryptoException e) {
                return null;
            }
        }

        private Aead aead(boolean initiator) {
            byte[] key = initiator ? fromInitiator : fromResponder;
            return Aead.of(suite, Secret.own(key.clone()), Crypto.jdk(), new SecureRandom());
        }

        @Override
        public String toString() {
            return "Traffic[*]";
        }
    }

    private static byte[] expand(Secret prk, byte[] info, int length) {
        try (Secret expanded = Hash.expand(prk, info, length)) {
            return expanded.reveal().clone();
        }
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
