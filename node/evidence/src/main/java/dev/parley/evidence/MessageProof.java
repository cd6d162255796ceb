package dev.parley.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record.Scope;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A file for a third party about one message: what its sender says of it, the lines of the sender's log, and the receiver's receipt
 * if there is one. The sender's identity signs all of it. {@link ProofCheck} says what it shows.
 *
 * @param message id
 * @param sha256 of the content, 32 bytes
 * @param size of the content, bytes
 * @param sentAt milliseconds since 1970 UTC
 * @param scope direct, to all, or to a group
 * @param sender who made the proof
 * @param senderKey SubjectPublicKeyInfo
 * @param receiver whom the message was for
 * @param receiverKey SubjectPublicKeyInfo; null if it is not known
 * @param made when, as {@link LineHead#time} writes it
 * @param segments of the sender's log
 * @param receipt null if there is none
 * @param noReceipt why there is none; null if there is one
 */
public record MessageProof(
        UUID message,
        byte[] sha256,
        long size,
        long sentAt,
        Scope scope,
        PeerId sender,
        byte[] senderKey,
        PeerId receiver,
        byte[] receiverKey,
        String made,
        List<Segment> segments,
        SignedReceipt receipt,
        String noReceipt) {
    /** First in the file. */
    public static final String FORMAT = "parley-proof-1";
    /** First in what the sender signs; what follows is the text of the file without the signature. */
    public static final String PURPOSE = "psp1 message proof";
    /** The longest file, in characters. */
    public static final int MAX_LENGTH = 64 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Lines of the log that follow each other, as they are.
     *
     * @param lines the oldest first, at least one
     * @param head of the last one
     */
    public record Segment(List<String> lines, SignedHead head) {
        public Segment {
            lines = List.copyOf(lines);
        }
    }

    public MessageProof {
        segments = List.copyOf(segments);
        if ((receipt == null) == (noReceipt == null)) {
            throw new IllegalArgumentException("there is a receipt, or a reason why there is none");
        }
    }

    /** The text of the file, signed by the sender; costs milliseconds. */
    public String sign(IdentityKey key) {
        return encode(IdentitySignature.sign(key, PURPOSE, unsigned()));
    }

    /** What the sender signs. */
    byte[] unsigned() {
        return encode(null).getBytes(StandardCharsets.UTF_8);
    }

    private String encode(byte[] signature) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeObjectFieldStart("message");
            json.writeStringField("id", message.toString());
            json.writeStringField("sha256", HexFormat.of().formatHex(sha256));
            json.writeNumberField("size", size);
            json.writeNumberField("sentAt", sentAt);
            json.writeStringField("scope", scope.name());
            json.writeEndObject();
            party(json, "sender", sender, senderKey);
            party(json, "receiver", receiver, receiverKey);
            json.writeStringField("made", made);
            json.writeArrayFieldStart("log");
            for (Segment each : segments) {
                json.writeStartObject();
                json.writeArrayFieldStart("lines");
                for (String line : each.lines()) {
                    json.writeString(line);
                }
                json.writeEndArray();
                json.writeStringField("head", each.head().encode());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (receipt == null) {
                json.writeStringField("noReceipt", noReceipt);
            } else {
                receipt(json);
            }
            if (signature != null) {
                json.writeStringField("signature", Base64Url.of(signature));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void party(JsonGenerator json, String name, PeerId id, byte[] key) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("peerId", id.toString());
        if (key != null) {
            json.writeStringField("key", Base64Url.of(key));
        }
        json.writeEndObject();
    }

    private void receipt(JsonGenerator json) throws IOException {
        var said = receipt.text();
        json.writeObjectFieldStart("receipt");
        json.writeNumberField("receivedAt", said.receivedAt());
        json.writeStringField("session", said.session().toString());
        json.writeNumberField("seq", said.seq());
        json.writeStringField("line", Base64Url.of(said.hash()));
        json.writeNumberField("witnessedSeq", said.witnessedSeq());
        json.writeStringField("witnessed", Base64Url.of(said.witnessedHash()));
        json.writeNumberField("signedAt", said.signedAt());
        json.writeStringField("signature", Base64Url.of(receipt.signature()));
        json.writeEndObject();
    }
}
