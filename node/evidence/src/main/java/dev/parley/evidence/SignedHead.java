package dev.parley.evidence;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node says that its log has come to: the line with this number has this hash. Kept by somebody else it shows later that the
 * log was cut, or written anew, even by whoever holds all keys of the node. Signed by the identity (RSA-PSS, as
 * {@link IdentitySignature} has it) with the purpose {@value #PURPOSE} over
 *
 * <pre>
 * PeerId, 32 bytes | u64 seq | hash, 32 bytes | time, 27 characters
 * </pre>
 *
 * @param peer whose log
 * @param seq number of the line
 * @param hash SHA-256 over that line, 32 bytes; not copied, do not modify
 * @param time when the node said so, as {@link LineHead#time} writes it
 * @param signature not copied, do not modify
 */
public record SignedHead(PeerId peer, long seq, byte[] hash, String time, byte[] signature) {
    /** First in what is signed. */
    public static final String PURPOSE = "psp1 log head";
    /** No encoding is longer. */
    public static final int MAX_LENGTH = 1_024;

    private static final Pattern FORM = Pattern.compile(
            "\\{\"peer\":\"([a-z2-7]{52})\",\"seq\":([1-9]\\d{0,17}),\"head\":\"([\\w-]{43})\","
                    + "\"time\":\"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z)\",\"signature\":\"([\\w-]{1,700})\"}");

    /** Signs; costs milliseconds. */
    public static SignedHead sign(IdentityKey identity, long seq, byte[] hash, String time) {
        return new SignedHead(
                identity.peerId(),
                seq,
                hash,
                time,
                IdentitySignature.sign(identity, PURPOSE, text(identity.peerId(), seq, hash, time)));
    }

    /**
     * A line that the verifier itself has seen before, for which nobody has to sign. Has no encoding.
     *
     * @param report of the log as it was
     */
    public static SignedHead remembered(Report report) {
        return new SignedHead(
                PeerId.parse(report.peer()), report.lastSeq(), report.lastHash(), report.to(), new byte[0]);
    }

    boolean isRemembered() {
        return signature.length == 0;
    }

    /** Whether the holder of this key, whose PeerId is {@link #peer}, has signed it. */
    public boolean signedBy(RSAPublicKey key) {
        return PeerId.of(LineHead.sha256().digest(key.getEncoded())).equals(peer)
                && IdentitySignature.verify(key, PURPOSE, text(peer, seq, hash, time), signature);
    }

    /** One JSON object, at most {@value #MAX_LENGTH} characters of ASCII; the same for equal heads. */
    public String encode() {
        return "{\"peer\":\"" + peer + "\",\"seq\":" + seq + ",\"head\":\"" + Base64Url.of(hash) + "\",\"time\":\""
                + time + "\",\"signature\":\"" + Base64Url.of(signature) + "\"}";
    }

    /**
     * Reads what {@link #encode} writes. The signature is not checked.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static SignedHead parse(String text) {
        Matcher matcher = FORM.matcher(text.length() > MAX_LENGTH ? "" : text);
        if (matcher.matches()) {
            byte[] hash = Base64Url.parse(matcher.group(3));
            byte[] signature = Base64Url.parse(matcher.group(5));
            if (hash != null && signature != null) {
                return new SignedHead(
                        PeerId.parse(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        hash,
                        matcher.group(4),
                        signature);
            }
        }
        throw new IllegalArgumentException("not the head of a log");
    }

    private static byte[] text(PeerId peer, long seq, byte[] hash, String time) {
        return new Writer(128)
                .bytes(peer.bytes())
                .u64(seq)
                .bytes(hash)
                .bytes(time.getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }
}
