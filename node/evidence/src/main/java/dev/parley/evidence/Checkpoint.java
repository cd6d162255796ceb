package dev.parley.evidence;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that seals all lines before it. It is signed by the key that the checkpoint before announced, or by the identity, or by
 * both ({@link Reason}), over
 *
 * <pre>
 * "psp1 log checkpoint" | 0x00 | PeerId, 32 bytes | u64 seq | head, 32 bytes | time, 27 characters
 * | u8 length | reason | next public key, 32 bytes
 * </pre>
 *
 * where head is the {@code prev} of the line. The identity signs the same and after it the Ed25519 signature if there is one. In a
 * {@link Reason#SUCCESSION} the PeerId is that of the identity before, that of the one that takes its place comes last, and both
 * identities sign.
 *
 * @param time of the line
 * @param seq of the line
 * @param head SHA-256 over the line before
 * @param reason why it was written; says by whom it is signed
 * @param next public key that the next checkpoint is signed by
 * @param signature Ed25519, 64 bytes, or null
 * @param identity SubjectPublicKeyInfo of the node's identity, or null
 * @param identitySignature by the identity, or null
 * @param previous SubjectPublicKeyInfo of the identity whose place this one takes, or null
 * @param previousSignature by that identity, or null
 */
public record Checkpoint(
        String time,
        long seq,
        byte[] head,
        Reason reason,
        byte[] next,
        byte[] signature,
        byte[] identity,
        byte[] identitySignature,
        byte[] previous,
        byte[] previousSignature) {
    /** The event's name. */
    public static final String EVENT = "CHECKPOINT";
    /** First in what is signed, so that the signature is worth nothing for anything else. */
    public static final String PURPOSE = "psp1 log checkpoint";
    /** No checkpoint's line is longer. */
    public static final int MAX_LENGTH = 4_096;

    private static final Pattern FIELDS = Pattern.compile(
            ",\"reason\":\"([A-Z]{1,16})\",\"next\":\"([\\w-]{43})\"(?:,\"signature\":\"([\\w-]{86})\")?"
                    + "(?:,\"identity\":\"([\\w-]{1,1600})\",\"identitySignature\":\"([\\w-]{1,1600})\")?"
                    + "(?:,\"previous\":\"([\\w-]{1,1600})\",\"previousSignature\":\"([\\w-]{1,1600})\")?}");

    /** Why a checkpoint was written, and by whom it is signed. */
    public enum Reason {
        /** The first of a log: signed by the identity alone. */
        FIRST(false, true),
        /** The key for it was lost, or the log is not the one that it belongs to: signed by the identity alone. */
        RENEWED(false, true),
        /** The first line of a file after another: signed by both, so that the file can be verified without those before. */
        ROTATED(true, true),
        /** The node has another identity from here on: signed by the key announced before, the identity before and the new one. */
        SUCCESSION(true, true),
        /** The node has started. */
        START(true, false),
        /** There were many lines since the last. */
        LINES(true, false),
        /** There was a line, and some time since the last. */
        TIME(true, false),
        /** The node has stopped in order. */
        STOP(true, false);

        private final boolean chained;
        private final boolean anchor;

        Reason(boolean chained, boolean anchor) {
            this.chained = chained;
            this.anchor = anchor;
        }

        /** Whether it is signed by the key that the checkpoint before announced. */
        public boolean chained() {
            return chained;
        }

        /** Whether it is signed by the identity. */
        public boolean anchor() {
            return anchor;
        }

        static Reason parse(String name) {
            return Arrays.stream(values())
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * Signs a checkpoint.
     *
     * @param key that the checkpoint before announced; not used where the reason does not want it
     * @param identity of the node; signs where the reason wants it
     */
    static Checkpoint sign(
            String time, long seq, byte[] head, Reason reason, byte[] next, SealKey key, IdentityKey identity) {
        if (reason == Reason.SUCCESSION) {
            throw new IllegalArgumentException("a succession is signed by two identities");
        }
        byte[] text = text(identity.peerId(), time, seq, head, reason, next, null);
        byte[] signature = reason.chained() ? key.sign(purposed(text)) : null;
        byte[] spki = reason.anchor() ? identity.spki() : null;
        byte[] identitySignature =
                reason.anchor() ? IdentitySignature.sign(identity, PURPOSE, identityText(text, signature)) : null;
        return new Checkpoint(time, seq, head, reason, next, signature, spki, identitySignature, null, null);
    }

    /**
     * Signs that another identity takes the place of the present one.
     *
     * @param key that the checkpoint before announced
     * @param previous SubjectPublicKeyInfo of the present one
     * @param before the present one's key; of another only a forger has a signature
     */
    static Checkpoint signSuccession(
            String time,
            long seq,
            byte[] head,
            byte[] next,
            SealKey key,
            byte[] previous,
            IdentityKey before,
            IdentityKey successor) {
        byte[] text = text(peer(previous), time, seq, head, Reason.SUCCESSION, next, successor.peerId());
        byte[] signature = key.sign(purposed(text));
        byte[] whole = identityText(text, signature);
        return new Checkpoint(
                time,
                seq,
                head,
                Reason.SUCCESSION,
                next,
                signature,
                successor.spki(),
                IdentitySignature.sign(successor, PURPOSE, whole),
                previous,
                IdentitySignature.sign(before, PURPOSE, whole));
    }

    /** The line, without a line end. */
    public byte[] line() {
        var line = new StringBuilder(512).append(LineHead.text(time, seq, head, "INFO", EVENT));
        line.append(",\"reason\":\"").append(reason).append("\",\"next\":\"").append(Base64Url.of(next));
        if (signature != null) {
            line.append("\",\"signature\":\"").append(Base64Url.of(signature));
        }
        if (identity != null) {
            line.append("\",\"identity\":\"").append(Base64Url.of(identity));
            line.append("\",\"identitySignature\":\"").append(Base64Url.of(identitySignature));
        }
        if (previous != null) {
            line.append("\",\"previous\":\"").append(Base64Url.of(previous));
            line.append("\",\"previousSignature\":\"").append(Base64Url.of(previousSignature));
        }
        return line.append("\"}").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads a line, which has exactly the form that {@link #line} writes. @return null if it has not */
    public static Checkpoint parse(byte[] line, int length) {
        LineHead head = LineHead.parse(line, length);
        if (head == null || head.prev() == null || !head.event().equals(EVENT)) {
            return null;
        }
        var text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
        var begin = LineHead.text(head.time(), head.seq(), head.prev(), "INFO", EVENT);
        Matcher matcher = FIELDS.matcher(text).region(Math.min(begin.length(), length), length);
        if (!text.startsWith(begin) || !matcher.matches()) {
            return null;
        }
        var reason = Reason.parse(matcher.group(1));
        if (reason == null
                || reason.chained() != (matcher.group(3) != null)
                || reason.anchor() != (matcher.group(4) != null)
                || (reason == Reason.SUCCESSION) != (matcher.group(6) != null)) {
            return null;
        }
        var read = new Checkpoint(
                head.time(),
                head.seq(),
                head.prev(),
                reason,
                value(matcher, 2),
                value(matcher, 3),
                value(matcher, 4),
                value(matcher, 5),
                value(matcher, 6),
                value(matcher, 7));
        boolean whole = read.next != null
                && reason.chained() == (read.signature != null)
                && reason.anchor() == (read.identity != null && read.identitySignature != null)
                && (reason == Reason.SUCCESSION) == (read.previous != null && read.previousSignature != null);
        return whole ? read : null;
    }

    private static byte[] value(Matcher matcher, int group) {
        return matcher.group(group) == null ? null : Base64Url.parse(matcher.group(group));
    }

    /** Whether the key that the checkpoint before announced has signed this one. @param peer who the node was until here */
    boolean signedBy(byte[] announced, PeerId peer) {
        return signature != null && SealKey.verify(announced, purposed(text(peer)), signature);
    }

    /** Whether this identity, which the node has from here on, has signed it. @param peer who the node was until here */
    boolean signedBy(RSAPublicKey key, PeerId peer) {
        return isBy(key, peer, identitySignature);
    }

    /** Whether this identity, which the node had until here, has signed that another takes its place. */
    boolean handedOverBy(RSAPublicKey key, PeerId peer) {
        return isBy(key, peer, previousSignature);
    }

    private boolean isBy(RSAPublicKey key, PeerId peer, byte[] signed) {
        return signed != null && IdentitySignature.verify(key, PURPOSE, identityText(text(peer), signature), signed);
    }

    /** The public key of an anchor; null if there is none, or it cannot be one. */
    RSAPublicKey identityKey() {
        return key(identity);
    }

    /** The public key of the identity before; null if there is none, or it cannot be one. */
    RSAPublicKey previousKey() {
        return key(previous);
    }

    private static RSAPublicKey key(byte[] spki) {
        try {
            return spki == null ? null : IdentitySignature.publicKey(spki);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Whose anchor it says it is; null where it is none. */
    public PeerId peer() {
        return peer(identity);
    }

    /** Whose place that one takes, as it says; null where it is no succession. */
    PeerId previousPeer() {
        return peer(previous);
    }

    private static PeerId peer(byte[] spki) {
        return spki == null ? null : PeerId.of(LineHead.sha256().digest(spki));
    }

    private byte[] text(PeerId peer) {
        return text(peer, time, seq, head, reason, next, reason == Reason.SUCCESSION ? peer() : null);
    }

    private static byte[] text(
            PeerId peer, String time, long seq, byte[] head, Reason reason, byte[] next, PeerId successor) {
        byte[] name = reason.name().getBytes(StandardCharsets.US_ASCII);
        var text = new Writer(256)
                .bytes(peer.bytes())
                .u64(seq)
                .bytes(head)
                .bytes(time.getBytes(StandardCharsets.US_ASCII))
                .u8(name.length)
                .bytes(name)
                .bytes(next);
        return (successor == null ? text : text.bytes(successor.bytes())).toBytes();
    }

    /** The identity's signatures are made over a purpose by {@link IdentitySignature}; those of other keys get theirs here. */
    private static byte[] purposed(byte[] text) {
        byte[] purpose = PURPOSE.getBytes(StandardCharsets.US_ASCII);
        return new Writer(purpose.length + 1 + text.length)
                .bytes(purpose)
                .u8(0)
                .bytes(text)
                .toBytes();
    }

    private static byte[] identityText(byte[] text, byte[] signature) {
        return signature == null
                ? text
                : new Writer(text.length + signature.length)
                        .bytes(text)
                        .bytes(signature)
                        .toBytes();
    }
}
