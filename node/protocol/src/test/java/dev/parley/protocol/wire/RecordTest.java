package dev.parley.protocol.wire;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.Vectors;
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
        byte[] content = hex(vector, "content");
        return new Writer(1 + content.length)
                .u8(vector.get("kind").asInt())
                .bytes(content)
                .toBytes();
    }
}
