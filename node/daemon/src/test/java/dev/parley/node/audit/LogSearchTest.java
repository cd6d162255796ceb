package dev.parley.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSearchTest {
    private static final String BOB = "mi5ickiixy56334aiembfgiyx4ojc7nh5sepi3wxo63aitrxurgq";
    private static final String UP =
            line(1, "00", "INFO", "SESSION_UP", "\"session\":\"01941f29-7c00\",\"peer\":\"" + BOB + "\"");
    private static final String CHANGED = line(2, "01", "ALARM", "PEER_KEY_CHANGED", "\"otherPeer\":\"" + BOB + "\"");
    private static final String SENT =
            line(3, "02", "INFO", "MESSAGE_SENT", "\"scope\":\"DIRECT\",\"ciphertext\":\"c2VjcmV0\"");
    private static final String REFUSED = line(4, "03", "WARN", "SESSION_REFUSED", "\"detail\":\"Not trusted\"");
    private static final String READY = line(5, "04", "INFO", "NODE_READY", "\"suites\":[\"A256GCM\"],\"after\":12");
    private static final String TORN = "{\"time\":\"2026-01-02T12:00:00.1";

    @TempDir
    Path dir;

    private static String line(long seq, String second, String level, String event, String more) {
        return "{\"time\":\"2026-01-02T12:00:" + second + ".000000Z\",\"seq\":" + seq + ",\"level\":\"" + level
                + "\",\"event\":\"" + event + "\"," + more + "}";
    }

    private void given() throws IOException {
        Files.writeString(dir.resolve("net.log.2"), UP + "\n" + CHANGED + "\n");
        Files.writeString(dir.resolve("net.log.1"), SENT + "\n" + TORN + "\n");
        Files.writeString(dir.resolve("net.log"), REFUSED + "\n" + READY + "\n{\"time\":\"half");
    }

    private String find(LogQuery query, int limit) throws IOException {
        var out = new ByteArrayOutputStream();
        new LogSearch(dir.resolve("net.log")).copy(query, limit, () -> true, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + (lines.length == 0 ? "" : "\n");
    }

    @Test
    void goesThroughAllFilesTheOldestFirst() throws Exception {
        given();
        assertThat(find(LogQuery.all(), 0)).isEqualTo(lines(UP, CHANGED, SENT, TORN, REFUSED, READY));
        assertThat(find(LogQuery.all(), 2)).isEqualTo(lines(REFUSED, READY));
        assertThat(find(LogQuery.all(), 100)).isEqualTo(find(LogQuery.all(), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "SESSION, , , , , 14",
        "session-up, , , , , 1",
        "*_UP, , , , , 1",
        "SESSION_U?, , , , , 1",
        "SESSION_U, , , , , 1",
        "?, , , , , ''",
        ", WARN, , , , 24",
        ", ALARM, , , , 2",
        ", , mi5ic, , , 12",
        ", , " + BOB + ", , , 12",
        ", , aaaa, , , ''",
        ", , , 01941F29, , 1",
        ", , , , TRUSTED, 4",
        ", , , , gcm, 5",
        // Ciphertexts are not looked into.
        ", , , , c2VjcmV0, ''",
        "SESSION, WARN, , , trusted, 4",
    })
    void filters(String event, String level, String peer, String session, String text, String found) throws Exception {
        given();
        var all = List.of(UP, CHANGED, SENT, REFUSED, READY);
        var query = new LogQuery(
                event == null ? List.of() : List.of(event),
                level == null ? null : Level.valueOf(level),
                peer,
                session,
                null,
                null,
                text);
        assertThat(find(query, 0))
                .isEqualTo(lines(
                        found.chars().mapToObj(each -> all.get(each - '1')).toArray(String[]::new)));
    }

    @Test
    void times() throws Exception {
        given();
        var from = Instant.parse("2026-01-02T12:00:01Z");
        assertThat(find(new LogQuery(List.of(), null, null, null, from, from.plusSeconds(2), null), 0))
                .isEqualTo(lines(CHANGED, SENT));
    }

    @Test
    void nothingWithoutAFile() throws Exception {
        assertThat(find(LogQuery.all(), 0)).isEmpty();
    }

    /** Lines of every length around the sizes of the buffers, whole and in order. */
    @Test
    void longLines() throws Exception {
        var random = new Random(7);
        String text = IntStream.range(0, 60)
                .mapToObj(i -> line(i, "00", "INFO", "E", "\"x\":\"" + "y".repeat(random.nextInt(400_000)) + "\""))
                .collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(dir.resolve("net.log"), text);
        assertThat(find(LogQuery.all(), 0)).isEqualTo(text);
        assertThat(find(LogQuery.all(), 60)).isEqualTo(text);
        assertThat(find(new LogQuery(List.of("E"), null, null, null, null, null, "yyy"), 0))
                .isEqualTo(text);
    }

    @Test
    void aRotationMeanwhileChangesNothing() throws Exception {
        given();
        Path file = dir.resolve("net.log");
        try (var files = LogFiles.open(file)) {
            Files.move(dir.resolve("net.log.2"), dir.resolve("net.log.3"));
            Files.move(dir.resolve("net.log.1"), dir.resolve("net.log.2"));
            Files.move(file, dir.resolve("net.log.1"));
            Files.writeString(file, "new\n");
            Files.writeString(dir.resolve("net.log.1"), "later\n", StandardOpenOption.APPEND);
            var seen = new ByteArrayOutputStream();
            files.forEach(null, (bytes, length, place) -> {
                seen.write(bytes, 0, length);
                seen.write('\n');
                assertThat(files.read(place)).isEqualTo(java.util.Arrays.copyOf(bytes, length));
                return true;
            });
            assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo(lines(UP, CHANGED, SENT, TORN, REFUSED, READY));
        }
    }

    @Test
    void endsWhenItsReaderIsGone() throws Exception {
        given();
        var gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> new LogSearch(dir.resolve("net.log")).copy(LogQuery.all(), 0, () -> true, gone))
                .hasMessage("gone");
        var out = new ByteArrayOutputStream();
        new LogSearch(dir.resolve("net.log")).copy(LogQuery.all(), 0, () -> false, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(lines(UP));
    }
}
