package dev.parley.protocol.wire;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of section 7, by vectors that another implementation made and signed. */
class WitnessRecordTest {
    private static final JsonNode VECTORS = load();
    private static final IdentityKey OWNER = Vectors.key(VECTORS.get("owner").asText());
    private static final IdentityKey RECEIVER =
            Vectors.key(VECTORS.get("receiver").asText());

    private static JsonNode load() {
        try (InputStream in = Vectors.class.getResourceAsStream("vectors-witness.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> good() {
        return stream(VECTORS.get("good"));
    }

    static Stream<JsonNode> malformed() {
        return stream(VECTORS.get("malformed"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void parsesAndWrites(JsonNode vector) throws MalformedException {
        Record record = Record.parse(plaintext(vector));
        assertThat(record).isNotInstanceOf(Record.Unknown.class);
        assertThat(written(record)).isEqualTo(plaintext(vector));
        assertThat(record.length()).isEqualTo(plaintext(vector).length);
        assertThat(signed(record)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsMalformed(JsonNode vector) {
        assertThatThrownBy(() -> Record.parse(plaintext(vector)))
                .as(vector.get("what").asText())
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @MethodSource("good")
    void truncationsNeverParse(JsonNode vector) {
        byte[] plaintext = plaintext(vector);
        // A signature of 2048 bits is the shortest there is, so nothing can be cut off it.
        for (int length = 1; length < plaintext.length; length++) {
            byte[] cut = Arrays.copyOf(plaintext, length);
            assertThatThrownBy(() -> assertThat(signed(Record.parse(cut))).isTrue())
                    .isInstanceOfAny(MalformedException.class, AssertionError.class);
        }
    }

    /** No byte of a signed record can be changed without the signature, or the parser, noticing. */
    @Test
    void everyByteCounts() {
        good().filter(each -> each.get("content").asText().length() > 500).forEach(vector -> {
            byte[] plaintext = plaintext(vector);
            for (int i = 1; i < plaintext.length; i++) {
                for (int flip : new int[] {0x01, 0x80}) {
                    byte[] changed = plaintext.clone();
                    changed[i] ^= (byte) flip;
                    assertThat(acceptable(changed) && !isToken(vector, i))
                            .as("%s, byte %d", vector.get("name"), i)
                            .isFalse();
                }
            }
        });
    }

    @Test
    void whatDoesNotFitIsNotBuilt() {
        byte[] hash = new byte[32];
        byte[] signature = new byte[256];
        String time = "2026-01-31T12:00:00.000000Z";
        var head = new Record.Head(1, hash, time, signature);
        var longest = new Record.Head(1, hash, time, new byte[Limits.SIGNATURE_CEILING]);
        assertThat(new Record.WitnessHeld(0, true, Collections.nCopies(Limits.HEADS, longest)).length())
                .isLessThan(Limits.MAX_PLAINTEXT_FLOOR);
        for (Runnable wrong : List.<Runnable>of(
                () -> new Record.Head(0, hash, time, signature),
                () -> new Record.Head(-1, hash, time, signature),
                () -> new Record.Head(1, new byte[31], time, signature),
                () -> new Record.Head(1, hash, "2026-01-31T12:00:00Z", signature),
                () -> new Record.Head(1, hash, time, new byte[255]),
                () -> new Record.WitnessHeld(0, true, Collections.nCopies(Limits.HEADS + 1, head)),
                () -> new Record.Receipt(new UUID(1, 2), Record.ReceiptStatus.SIGNED, null, null),
                () -> new Record.Receipt(new UUID(1, 2), Record.ReceiptStatus.UNKNOWN, null, signature))) {
            assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The token and whether more follows are for the session alone; nobody signs them. */
    private static boolean isToken(JsonNode vector, int i) {
        return vector.get("kind").asInt() == 0x22 && i <= 5;
    }

    private static boolean acceptable(byte[] plaintext) {
        try {
            Record record = Record.parse(plaintext);
            return !(record instanceof Record.Receipt receipt && receipt.text() == null) && signed(record);
        } catch (MalformedException e) {
            return false;
        }
    }

    private static boolean signed(Record record) {
        return switch (record) {
            case Record.Witness witness -> signed(witness.head());
            case Record.WitnessHeld held -> held.heads().stream().allMatch(WitnessRecordTest::signed);
            case Record.Receipt receipt
            when receipt.text() != null -> {
                Writer text = new Writer(256)
                        .bytes(OWNER.peerId().bytes())
                        .bytes(RECEIVER.peerId().bytes())
                        .uuid(receipt.id());
                receipt.text().write(text);
                yield verify(RECEIVER, "psp1 receipt", text.toBytes(), receipt.signature());
            }
            default -> true;
        };
    }

    private static boolean signed(Record.Head head) {
        byte[] text = new Writer(128)
                .bytes(OWNER.peerId().bytes())
                .u64(head.seq())
                .bytes(head.hash())
                .bytes(head.time().getBytes(StandardCharsets.US_ASCII))
                .toBytes();
        return verify(OWNER, "psp1 log head", text, head.signature());
    }

    private static boolean verify(IdentityKey key, String purpose, byte[] text, byte[] signature) {
        return IdentitySignature.verify(key.publicKey(), purpose, text, signature);
    }

    private static byte[] written(Record record) {
        Writer out = new Writer(0);
        record.write(out);
        return out.toBytes();
    }

    private static byte[] plaintext(JsonNode vector) {
        byte[] content = hex(vector, "content");
        return new Writer(1 + content.length)
                .u8(vector.get("kind").asInt())
                .bytes(content)
                .toBytes();
    }
}
