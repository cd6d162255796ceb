package dev.parley.evidence;

import dev.parley.evidence.MessageProof.Segment;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Judges the file that a {@link MessageProof} is, with nothing but that: no node, no network. */
public final class ProofCheck {
    private final MessageProof proof;
    private final byte[] signature;
    private final List<String> wrong = new ArrayList<>();
    private final List<String> shows = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private RSAPublicKey senderKey;
    private Map<?, ?> sent;
    private Map<?, ?> acknowledged;
    private Segment segmentOfSent;

    /**
     * What came of it.
     *
     * @param message id; null if the file cannot be read
     * @param sender PeerId; null likewise
     * @param receiver PeerId; null likewise
     * @param acknowledged whether the receiver has acknowledged the message, according to the sender's log or the receipt
     * @param receipt whether the receiver itself has signed that it has the message
     * @param wrong what does not hold: then nothing is shown. Empty if all holds
     * @param shows what it shows, in words
     * @param open what it does not show, in words
     */
    public record Judgement(
            String message,
            String sender,
            String receiver,
            boolean acknowledged,
            boolean receipt,
            List<String> wrong,
            List<String> shows,
            List<String> open) {
        /** Whether all of it fits together. */
        public boolean holds() {
            return wrong.isEmpty();
        }
    }

    private ProofCheck(ProofReader.Signed read) {
        this.proof = read.proof();
        this.signature = read.signature();
    }

    /**
     * Judges a file.
     *
     * @param text of the file
     * @param content of the message, to be compared; null if it is not at hand
     */
    public static Judgement check(String text, byte[] content) {
        try {
            return new ProofCheck(ProofReader.read(text.strip())).judge(content);
        } catch (IllegalArgumentException e) {
            return new Judgement(
                    null,
                    null,
                    null,
                    false,
                    false,
                    List.of("the file cannot be read: " + e.getMessage()),
                    List.of(),
                    List.of());
        }
    }

    private Judgement judge(byte[] content) {
        if (sender()) {
            proof.segments().forEach(this::segment);
            lines();
            receipt();
            content(content);
        }
        boolean holds = wrong.isEmpty();
        boolean receipted = holds && proof.receipt() != null;
        return new Judgement(
                proof.message().toString(),
                proof.sender().toString(),
                proof.receiver().toString(),
                holds && (acknowledged != null || receipted),
                receipted,
                List.copyOf(wrong),
                holds ? List.copyOf(shows) : List.of(),
                holds ? List.copyOf(open) : List.of());
    }

    private boolean sender() {
        senderKey = key(proof.senderKey(), proof.sender());
        if (senderKey == null) {
            wrong.add("the key of the sender is not the one of the PeerId " + proof.sender());
            return false;
        }
        if (!IdentitySignature.verify(senderKey, MessageProof.PURPOSE, proof.unsigned(), signature)) {
            wrong.add("the sender has not signed this file as it is: something in it was changed");
            return false;
        }
        shows.add("the holder of the key of " + proof.sender() + " says: on " + Instant.ofEpochMilli(proof.sentAt())
                + " I sent message " + proof.message() + " (" + proof.size() + " bytes, SHA-256 "
                + HexFormat.of().formatHex(proof.sha256()) + ", scope " + proof.scope() + ") to " + proof.receiver());
        return true;
    }

    private void segment(Segment segment) {
        byte[] hash = null;
        long seq = 0;
        for (String line : segment.lines()) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            LineHead head = LineHead.parse(bytes, bytes.length);
            if (head == null || head.prev() == null) {
                wrong.add("what stands for a line of the sender's log is none");
                return;
            }
            if (hash != null && (head.seq() != seq + 1 || !Arrays.equals(head.prev(), hash))) {
                wrong.add("line " + head.seq() + " does not follow the line before it");
                return;
            }
            seq = head.seq();
            hash = LineHead.sha256().digest(bytes);
            look(ProofReader.line(line), head, segment);
        }
        SignedHead head = segment.head();
        if (head.seq() != seq || !Arrays.equals(head.hash(), hash)) {
            wrong.add("the head of line " + head.seq() + " is not that of the lines before it");
        } else if (!head.peer().equals(proof.sender()) || !head.signedBy(senderKey)) {
            wrong.add("the sender has not signed the head of line " + head.seq());
        }
    }

    private void look(Map<?, ?> fields, LineHead head, Segment segment) {
        if (!proof.message().toString().equals(fields.get("message"))
                || !proof.receiver().toString().equals(fields.get("peer"))) {
            return;
        }
        if (head.event().equals("MESSAGE_SENT")
                && Long.valueOf(proof.size()).equals(fields.get("size"))
                && proof.scope().name().equals(fields.get("scope"))) {
            sent = fields;
            segmentOfSent = segment;
        } else if (head.event().equals("MESSAGE_ACKNOWLEDGED")) {
            acknowledged = fields;
        }
    }

    private void lines() {
        if (!wrong.isEmpty()) {
            return;
        }
        if (sent == null) {
            wrong.add("there is no line of the sender's log in it that says that the message was sent to the receiver");
            return;
        }
        shows.add("its log has this as line " + sent.get("seq") + ", of " + sent.get("time") + ", in session "
                + sent.get("session"));
        if (acknowledged == null) {
            open.add("that the message was acknowledged: the sender's log, as far as it is here, does not say so");
        } else {
            shows.add("according to its log (line " + acknowledged.get("seq") + ", of " + acknowledged.get("time")
                    + ") the receiver acknowledged it in session " + acknowledged.get("session"));
        }
    }

    private void receipt() {
        if (!wrong.isEmpty()) {
            return;
        }
        if (proof.receipt() == null) {
            open.add("that the receiver has the message, by its own word: there is no receipt (" + proof.noReceipt()
                    + "). All of this is the sender's word alone, which could have written the lines at any time");
            return;
        }
        RSAPublicKey key = proof.receiverKey() == null ? null : key(proof.receiverKey(), proof.receiver());
        if (key == null) {
            wrong.add("the key of the receiver is missing, or not the one of the PeerId " + proof.receiver());
            return;
        }
        if (!proof.receipt().signedBy(key)) {
            wrong.add("the receiver has not signed this receipt as it is");
            return;
        }
        var said = proof.receipt().text();
        shows.add("the holder of the key of " + proof.receiver()
                + " has signed: I received message " + proof.message() + " with this SHA-256 from " + proof.sender()
                + " on " + Instant.ofEpochMilli(said.receivedAt()) + " in session " + said.session()
                + " (signed " + Instant.ofEpochMilli(said.signedAt())
                + "). It cannot deny that, nor say that the content was another");
        if (said.seq() > 0) {
            shows.add("the receiver's log has this as line " + said.seq()
                    + ": whoever has that log can look whether the line has the hash that the receipt names");
        } else {
            open.add("the place in the receiver's log: that line was not there any more");
        }
        witnessed(said.witnessedSeq(), said.witnessedHash());
    }

    private void witnessed(long seq, byte[] hash) {
        SignedHead head = segmentOfSent.head();
        if (seq > 0 && head.seq() == seq && Arrays.equals(head.hash(), hash)) {
            shows.add("the receiver vouches for the sender's log up to line " + seq
                    + ", of which the line of this message is a part: the sender has not written it later");
        } else {
            open.add(
                    "that the lines of the sender's log were there when it says so: they are not linked to a head that the receiver vouches for");
        }
    }

    private void content(byte[] content) {
        if (!wrong.isEmpty()) {
            return;
        }
        if (content == null) {
            open.add("what the message says: compare the content with its SHA-256 (--content)");
        } else if (content.length == proof.size()
                && Arrays.equals(LineHead.sha256().digest(content), proof.sha256())) {
            shows.add("the content that was handed in is that of the message");
        } else {
            wrong.add("the content that was handed in is not that of the message");
        }
        open.add(
                "who the people behind these keys are, that the clocks were right, and that anybody has read the message");
    }

    private static RSAPublicKey key(byte[] spki, PeerId peer) {
        try {
            RSAPublicKey key = IdentitySignature.publicKey(spki);
            return PeerId.of(LineHead.sha256().digest(spki)).equals(peer) ? key : null;
        } catch (MalformedException e) {
            return null;
        }
    }
}
