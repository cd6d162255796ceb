package dev.parley.evidence;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Writer;
import java.nio.ByteBuffer;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;

/**
 * A node's word that it may be attacked by the lab until a time: {@value #PREFIX} and base64url of
 *
 * <pre>
 * PeerId, 32 bytes | u64 seconds since 1970 | signature
 * </pre>
 *
 * signed by the identity with the purpose {@value #PURPOSE} over what is before the signature.
 *
 * @param peer which node
 * @param until its end, whole seconds
 * @param signature not copied, do not modify
 */
public record Allowance(PeerId peer, Instant until, byte[] signature) {
    /** First in what is signed. */
    public static final String PURPOSE = "psp1 attack allowance";
    /** First in a token. */
    public static final String PREFIX = "parley-allow-1.";

    private static final int SIGNED = 32 + Long.BYTES;
    /** Of a token with the largest key there is. */
    private static final int MAX_LENGTH = 4_096;

    /** Signs; costs milliseconds. */
    public static Allowance sign(IdentityKey identity, Instant until) {
        return new Allowance(
                identity.peerId(),
                Instant.ofEpochSecond(until.getEpochSecond()),
                IdentitySignature.sign(identity, PURPOSE, text(identity.peerId(), until)));
    }

    /** Whether the holder of this key, whose PeerId is {@link #peer}, has signed it. */
    public boolean signedBy(RSAPublicKey key) {
        return PeerId.of(LineHead.sha256().digest(key.getEncoded())).equals(peer)
                && IdentitySignature.verify(key, PURPOSE, text(peer, until), signature);
    }

    /** The token. */
    public String encode() {
        return PREFIX
                + Base64Url.of(new Writer(SIGNED + signature.length)
                        .bytes(text(peer, until))
                        .bytes(signature)
                        .toBytes());
    }

    /**
     * Reads a token. The signature is not checked.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Allowance parse(String token) {
        byte[] bytes = token.startsWith(PREFIX) && token.length() <= MAX_LENGTH
                ? Base64Url.parse(token.substring(PREFIX.length()))
                : null;
        if (bytes == null || bytes.length <= SIGNED) {
            throw new IllegalArgumentException("not a token of `parley attack allow`");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] peer = new byte[32];
        buffer.get(peer);
        long seconds = buffer.getLong();
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new IllegalArgumentException("not a token of `parley attack allow`");
        }
        return new Allowance(
                PeerId.of(peer), Instant.ofEpochSecond(seconds), Arrays.copyOfRange(bytes, SIGNED, bytes.length));
    }

    private static byte[] text(PeerId peer, Instant until) {
        return new Writer(SIGNED)
                .bytes(peer.bytes())
                .u64(until.getEpochSecond())
                .toBytes();
    }
}
