package dev.parley.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long now;

    private Context context(boolean terminal) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Context(
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintStream(OUT_NOT_USED, true, StandardCharsets.UTF_8),
                        stream,
                        terminal,
                        terminal ? 60 : 0,
                        false,
                        Map.of(),
                        Clock.systemUTC(),
                        ZoneOffset.UTC),
                socket -> null);
    }

    private static final java.io.OutputStream OUT_NOT_USED = new java.io.OutputStream() {
        @Override
        public void write(int b) {
            throw new AssertionError("progress is not the answer");
        }
    };

    @Test
    void aBarWithRateAndTimeLeft() {
        try (Progress progress = new Progress(context(true), "a\u001b[2J.png", 10 << 20, 0, () -> now)) {
            now = 2 * SECOND;
            progress.add(4 << 20);
            assertThat(progress.text(now))
                    .isEqualTo("a\\x1b[2J.png  [========            ]  40 %  4.0 MiB of 10.0 MiB  2.0 MiB/s  3 s left");
        }
        // In one line, no wider than the terminal, and away at the end.
        assertThat(err.toString(StandardCharsets.UTF_8))
                .matches("(?s)\ra[^\n]{57}…\u001b\\[K\r\u001b\\[K")
                .doesNotContain("\n", "\u001b[2J");
    }

    @Test
    void linesNowAndThenInAPipe() {
        try (Progress progress = new Progress(context(false), "log", -1, 0, () -> now)) {
            for (int i = 1; i <= 25; i++) {
                now = i * SECOND;
                progress.add(1 << 20);
            }
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("log  10.0 MiB  1.0 MiB/s\nlog  20.0 MiB  1.0 MiB/s\n");
    }

    @Test
    void smallFilesSayNothing() {
        try (Progress progress = new Progress(context(true), "a", 10, 0, () -> now)) {
            progress.add(10);
        }
        assertThat(err.size()).isZero();
    }
}
