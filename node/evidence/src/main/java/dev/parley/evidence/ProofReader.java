package dev.parley.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record.ReceiptText;
import dev.parley.protocol.wire.Record.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads a {@link MessageProof}, strictly: no field too many, none too few, none twice. */
final class ProofReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MessageProof.MAX_LENGTH)
                    .maxNestingDepth(8)
                    .build())
            .build();

    /** @param signature of the sender */
    record Signed(MessageProof proof, byte[] signature) {}

    private ProofReader() {}

    /** @throws IllegalArgumentException with what is wrong with it */
    static Signed read(String text) {
        if (text.length() > MessageProof.MAX_LENGTH) {
            throw new IllegalArgumentException("it is too long");
        }
        Map<?, ?> all = object(parse(text), "the file");
        if (!MessageProof.FORMAT.equals(all.get("format"))) {
            throw new IllegalArgumentException("it is no proof of a message in a form that is known here");
        }
        boolean receipted = all.containsKey("receipt");
        only(
                all,
                "the file",
                Set.of(
                        "format",
                        "message",
                        "sender",
                        "receiver",
                        "made",
                        "log",
                        receipted ? "receipt" : "noReceipt",
                        "signature"));
        Map<?, ?> message = object(all.get("message"), "message");
        only(message, "message", Set.of("id", "sha256", "size", "sentAt", "scope"));
        Map<?, ?> sender = object(all.get("sender"), "sender");
        only(sender, "sender", Set.of("peerId", "key"));
        Map<?, ?> receiver = object(all.get("receiver"), "receiver");
        only(receiver, "receiver", receiver.containsKey("key") ? Set.of("peerId", "key") : Set.of("peerId"));
        UUID id = uuid(message, "id");
        byte[] sha256 = hex(message, "sha256");
        long sentAt = number(message, "sentAt");
        Scope scope = scope(message);
        PeerId from = PeerId.parse(string(sender, "peerId"));
        PeerId to = PeerId.parse(string(receiver, "peerId"));
        SignedReceipt receipt = null;
        if (receipted) {
            Map<?, ?> said = object(all.get("receipt"), "receipt");
            only(
                    said,
                    "receipt",
                    Set.of(
                            "receivedAt",
                            "session",
                            "seq",
                            "line",
                            "witnessedSeq",
                            "witnessed",
                            "signedAt",
                            "signature"));
            receipt = new SignedReceipt(
                    from,
                    to,
                    id,
                    new ReceiptText(
                            sha256,
                            sentAt,
                            scope,
                            number(said, "receivedAt"),
                            uuid(said, "session"),
                            number(said, "seq"),
                            bytes(said, "line"),
                            number(said, "witnessedSeq"),
                            bytes(said, "witnessed"),
                            number(said, "signedAt")),
                    bytes(said, "signature"));
        }
        var proof = new MessageProof(
                id,
                sha256,
                number(message, "size"),
                sentAt,
                scope,
                from,
                bytes(sender, "key"),
                to,
                receiver.containsKey("key") ? bytes(receiver, "key") : null,
                string(all, "made"),
                segments(all.get("log")),
                receipt,
                receipted ? null : string(all, "noReceipt"));
        return new Signed(proof, bytes(all, "signature"));
    }

    /** The fields of a line. @throws IllegalArgumentException if it is none */
    static Map<?, ?> line(String line) {
        return object(parse(line), "a line of the log");
    }

    private static List<MessageProof.Segment> segments(Object log) {
        List<MessageProof.Segment> segments = new ArrayList<>();
        for (Object each : list(log, "log")) {
            Map<?, ?> segment = object(each, "log");
            only(segment, "log", Set.of("lines", "head"));
            List<String> lines = new ArrayList<>();
            for (Object line : list(segment.get("lines"), "lines")) {
                if (!(line instanceof String text)) {
                    throw wrong("lines");
                }
                lines.add(text);
            }
            if (lines.isEmpty()) {
                throw wrong("lines");
            }
            segments.add(new MessageProof.Segment(lines, SignedHead.parse(string(segment, "head"))));
        }
        return segments;
    }

    private static Object parse(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is more than one JSON value in it");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not JSON, or a field is there twice", e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new IllegalArgumentException("a value is of a type that has no place in it");
        };
    }

    private static void only(Map<?, ?> object, String where, Set<String> names) {
        if (!object.keySet().equals(names)) {
            throw new IllegalArgumentException(where + " has other fields than it should");
        }
    }

    private static Map<?, ?> object(Object value, String where) {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw wrong(where);
    }

    private static List<?> list(Object value, String where) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(where);
    }

    private static String string(Map<?, ?> object, String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name);
    }

    private static long number(Map<?, ?> object, String name) {
        if (object.get(name) instanceof Long number && number >= 0) {
            return number;
        }
        throw wrong(name);
    }

    private static byte[] bytes(Map<?, ?> object, String name) {
        byte[] bytes = Base64Url.parse(string(object, name));
        if (bytes == null) {
            throw wrong(name);
        }
        return bytes;
    }

    private static byte[] hex(Map<?, ?> object, String name) {
        String text = string(object, name);
        if (!text.matches("[0-9a-f]{64}")) {
            throw wrong(name);
        }
        return HexFormat.of().parseHex(text);
    }

    private static UUID uuid(Map<?, ?> object, String name) {
        String text = string(object, name);
        UUID id = UUID.fromString(text);
        if (!id.toString().equals(text)) {
            throw wrong(name);
        }
        return id;
    }

    private static Scope scope(Map<?, ?> message) {
        return Scope.valueOf(string(message, "scope"));
    }

    private static IllegalArgumentException wrong(String name) {
        return new IllegalArgumentException("the field " + name + " is missing, or has another form");
    }
}
