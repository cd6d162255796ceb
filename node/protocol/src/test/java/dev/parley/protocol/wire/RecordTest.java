package dev.parley.protocol.wire;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordTest {
    private static final int ROUNDS = 200_000;

    static Stream<JsonNode> good() {
        return stream(Vectors.root().get("contents").get("good"));
    }

    static Stream<JsonNode> malformed() {
        return stream(Vectors.root().get("contents").get("malformed"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void parsesAndWritesGoodContents(JsonNode vector) throws MalformedException {
        byte[] plaintext = plaintext(vector);
        Record record = Record.parse(plaintext);
        assertThat(record).isNotInstanceOf(Record.Unknown.class);
        assertThat(written(record)).isEqualTo(plaintext);
        assertThat(record.length()).isEqualTo(plaintext.length);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesMalformedContents(JsonNode vector) {
        assertThatThrownBy(() -> Record.parse(plaintext(vector)))
                .as(vector.get("what").asText())
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesARecordWithoutAKind() {
        assertThatThrownBy(() -> Record.parse(new byte[0])).isInstanceOf(MalformedException.class);
    }

    @Test
    void keepsUnknownKinds() throws MalformedException {
        assertThat(Record.parse(new byte[] {0x7f, 1, 2})).isInstanceOfSatisfying(Record.Unknown.class, unknown -> {
            assertThat(unknown.kind()).isEqualTo(0x7f);
            assertThat(unknown.content()).containsExactly(1, 2);
        });
    }

    /** Every truncation of every good content is refused, or parses as something that writes the same bytes. */
    @Test
    void truncationsNeverParseAsSomethingElse() {
        good().forEach(vector -> {
            byte[] plaintext = plaintext(vector);
            for (int length = 0; length < plaintext.length; length++) {
                assertParsesToItselfOrNotAtAll(Arrays.copyOf(plaintext, length));
            }
        });
    }

    /** What parses re-serialises identically: good contents with bytes changed, inserted and removed at random. */
    @Test
    void whatParsesReserialisesIdentically() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> seeds = good().map(RecordTest::plaintext).toList();
        int parsed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            parsed += assertParsesToItselfOrNotAtAll(mutant) ? 1 : 0;
        }
        // Both outcomes must have been seen, or the test looks at nothing.
        assertThat(parsed).as("seed " + seed).isBetween(ROUNDS / 100, ROUNDS * 99 / 100);
    }

    @Test
    void doesNotBuildWhatCannotBeWritten() {
        UUID v4 = UUID.randomUUID();
        assertThatThrownBy(() -> new Record.Message(v4, 0, Record.Scope.DIRECT, "", "", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record.FileOffer(v4, 0, new byte[32], "a\u202eb", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record.FileAccept(v4, 0, Limits.FILE_WINDOW_FLOOR - 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record.Ack(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record.Ready(Limits.MAX_PLAINTEXT_CEILING + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anInstanceIsAnAnswerOrAsks() throws MalformedException {
        UUID instance = UUID.randomUUID();
        for (Record.InstanceWord word : Record.InstanceWord.values()) {
            Record.Instance record = new Record.Instance(instance, word);
            assertThat(parsed(record)).isEqualTo(record);
            assertThat(written(record)).hasSize(18);
        }
        for (int word = 2; word <= 255; word++) {
            malformed(0x28, new Writer(17).uuid(instance).u8(word).toBytes());
        }
        malformed(0x28, new byte[16]);
        malformed(0x28, new byte[18]);
        malformed(0x28, new byte[0]);
    }

    @Test
    void aReturnIsSecondsAndNothingElse() throws MalformedException {
        for (long seconds : new long[] {0, 1, 5, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
            Record.Return record = new Record.Return(seconds);
            assertThat(parsed(record)).isEqualTo(record);
            assertThat(written(record)).hasSize(5);
        }
        for (int length : new int[] {0, 1, 3, 5, 8}) {
            malformed(0x30, new byte[length]);
        }
        for (long seconds : new long[] {-1, 0x1_0000_0000L}) {
            assertThatThrownBy(() -> new Record.Return(seconds)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTraceIsItsIdsAndFlags() throws MalformedException {
        UUID message = UUID.randomUUID();
        UUID trace = new UUID(0x0af7651916cd43ddL, 0x8448eb211c80319cL);
        for (int flags : new int[] {0, 1, 0x80, 255}) {
            Record.Trace record = new Record.Trace(message, trace, 0xb7ad6b7169203331L, flags);
            assertThat(parsed(record)).isEqualTo(record);
            assertThat(written(record))
                    .isEqualTo(new Writer(0)
                            .u8(0x31)
                            .uuid(message)
                            .uuid(trace)
                            .u64(0xb7ad6b7169203331L)
                            .u8(flags)
                            .toBytes());
        }
        for (int flags : new int[] {-1, 256}) {
            assertThatThrownBy(() -> new Record.Trace(message, trace, 1, flags))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTraceOfAnotherLengthIsIgnored() throws MalformedException {
        for (int length : new int[] {0, 1, 16, 40, 42, 10_000}) {
            assertThat(Record.parse(plaintext(0x31, new byte[length])))
                    .isInstanceOfSatisfying(Record.Unknown.class, unknown -> {
                        assertThat(unknown.kind()).isEqualTo(0x31);
                        assertThat(unknown.content()).hasSize(length);
                    });
        }
    }

    @Test
    void fileRecordsKeepToTheirLimits() throws MalformedException {
        UUID id = new UUID(1, 2);
        Record.FileOffer offer = (Record.FileOffer) parsed(new Record.FileOffer(id, -1, new byte[32], "x", ""));
        assertThat(Long.toUnsignedString(offer.size())).isEqualTo("18446744073709551615");
        assertThat(((Record.FileAccept) parsed(new Record.FileAccept(id, -1, 0xffff_ffffL))).window())
                .isEqualTo(0xffff_ffffL);
        assertThat(((Record.FileProgress) parsed(new Record.FileProgress(id, Long.MIN_VALUE))).received())
                .isEqualTo(Long.MIN_VALUE);
        assertThat(((Record.FileChunk) parsed(new Record.FileChunk(id, -1, new byte[Limits.FILE_CHUNK_DATA]))).data())
                .hasSize(Limits.FILE_CHUNK_DATA);

        malformed(0x12, new byte[24 + Limits.FILE_CHUNK_DATA + 1]);
        malformed(0x12, new byte[23]);
        malformed(0x11, accept(Limits.FILE_WINDOW_FLOOR - 1));
        malformed(0x11, accept(0));
        malformed(0x13, new byte[23]);
        malformed(0x13, new byte[25]);
        for (int status = 0; status <= 255; status++) {
            byte[] end = new Writer(17).uuid(id).u8(status).toBytes();
            if (status < Record.FileStatus.values().length) {
                assertThat(Record.parse(plaintext(0x14, end))).isInstanceOf(Record.FileEnd.class);
            } else {
                malformed(0x14, end);
            }
        }
        malformed(0x14, new byte[18]);
    }

    @Test
    void fileNamesAndMediaTypesKeepToTheirCharacters() throws MalformedException {
        assertThat(Record.parse(plaintext(0x10, offer("na\u00efve \ud83d\ude00", "text/plain"))))
                .isInstanceOfSatisfying(
                        Record.FileOffer.class,
                        offer -> assertThat(offer.name()).isEqualTo("na\u00efve \ud83d\ude00"));
        for (String name : List.of("", "a\u0000", "a\nb", "a\u202eb", "\u2028", "\u2029", "\ue000", "\ufeff")) {
            malformed(0x10, offer(name, ""));
        }
        for (String type : List.of("a\u007f", "t\u00e9xt", "a\tb")) {
            malformed(0x10, offer("name", type));
        }
    }

    private static byte[] offer(String name, String type) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        return new Writer(0)
                .zeros(16 + 8 + 32)
                .u8(nameBytes.length)
                .bytes(nameBytes)
                .u8(typeBytes.length)
                .bytes(typeBytes)
                .toBytes();
    }

    private static byte[] accept(int window) {
        return new Writer(28).zeros(24).u32(window).toBytes();
    }

    private static void malformed(int kind, byte[] content) {
        assertThatThrownBy(() -> Record.parse(plaintext(kind, content))).isInstanceOf(MalformedException.class);
    }

    private static Record parsed(Record record) throws MalformedException {
        return Record.parse(written(record));
    }

    private static byte[] mutate(byte[] plaintext, Random random) {
        byte[] mutant = plaintext.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length + 1));
                case 1 -> mutant = Arrays.copyOf(mutant, mutant.length + random.nextInt(20));
                default -> {
                    if (mutant.length > 0) {
                        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
                    }
                }
            }
        }
        return mutant;
    }

    private static boolean assertParsesToItselfOrNotAtAll(byte[] plaintext) {
        Record record;
        try {
            record = Record.parse(plaintext);
        } catch (MalformedException e) {
            return false;
        }
        assertThat(written(record)).isEqualTo(plaintext);
        assertThat(record.length()).isEqualTo(plaintext.length);
        return true;
    }

    private static byte[] written(Record record) {
        Writer out = new Writer(0);
        record.write(out);
        return out.toBytes();
    }

    private static byte[] plaintext(JsonNode vector) {
        return plaintext(vector.get("kind").asInt(), hex(vector, "content"));
    }

    private static byte[] plaintext(int kind, byte[] content) {
        return new Writer(1 + content.length).u8(kind).bytes(content).toBytes();
    }
}
