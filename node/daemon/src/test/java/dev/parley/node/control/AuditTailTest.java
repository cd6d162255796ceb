package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTailTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("net.log");
    }

    private String last(int lines) throws Exception {
        var out = new ByteArrayOutputStream();
        new AuditTail(file).copy(lines, () -> false, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "0,5", "1,5", "4,5", "5,5", "6,5", "100,30000", "29999,30000", "30001,30000"})
    void givesTheLastLines(int wanted, int present) throws Exception {
        Files.writeString(file, lines(0, present));
        assertThat(last(wanted)).isEqualTo(lines(Math.max(0, present - wanted), present));
    }

    @Test
    void givesNothingWithoutAFile() throws Exception {
        assertThat(last(10)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,3", "2,3", "3,3", "4,3", "7,3", "100,3", "3,0"})
    void goesBackIntoTheFileThatWasRotatedLast(int wanted, int present) throws Exception {
        Files.writeString(dir.resolve("net.log.1"), lines(0, 5));
        Files.writeString(file, lines(5, 5 + present));
        assertThat(last(wanted)).isEqualTo(lines(Math.max(0, 5 + present - wanted), 5 + present));
    }

    @Test
    void leavesOutALineThatIsStillBeingWritten() throws Exception {
        Files.writeString(file, lines(0, 3) + "half a li");
        assertThat(last(2)).isEqualTo(lines(1, 3));
    }

    @Test
    void givesALineLongerThanItsBuffer() throws Exception {
        String longLine = "x".repeat(200_000) + "\n";
        Files.writeString(file, lines(0, 2) + longLine);
        assertThat(last(1)).isEqualTo(longLine);
    }

    @Test
    void followsWhatIsAppendedAcrossARotation() throws Exception {
        var out = new ByteArrayOutputStream();
        var follows = new AtomicBoolean(true);
        Files.writeString(file, lines(0, 2));
        var reader = Thread.ofVirtual().start(() -> {
            try {
                new AuditTail(file).copy(1, follows::get, out);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        await().until(() -> out.toString(StandardCharsets.UTF_8).equals(lines(1, 2)));
        Files.writeString(file, "line 2\nline", StandardOpenOption.APPEND);
        await().until(() -> out.toString(StandardCharsets.UTF_8).equals(lines(1, 3)));
        Files.writeString(file, " 3\nline 4\n", StandardOpenOption.APPEND);
        Files.move(file, dir.resolve("net.log.1"));
        Files.writeString(file, lines(5, 7));
        await().until(() -> out.toString(StandardCharsets.UTF_8).equals(lines(1, 7)));
        follows.set(false);
        reader.join();
    }
}
