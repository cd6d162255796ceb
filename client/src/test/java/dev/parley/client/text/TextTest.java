package dev.parley.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @Test
    void nothingThatMovesATerminalSurvives() {
        for (int c = 0; c <= 0x2fff; c++) {
            String shown = Plain.line("a" + Character.toString(c) + "b");
            boolean control = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
            boolean bidi = c >= 0x202a && c <= 0x202e
                    || c >= 0x2066 && c <= 0x2069
                    || c == 0x200e
                    || c == 0x200f
                    || c == 0x61c;
            if (control || bidi) {
                assertThat(shown)
                        .as("U+%04X", c)
                        .startsWith("a\\")
                        .endsWith("b")
                        .isPrintable();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'plain', 'plain'", "'ünï côdé 漢字 😀 👩‍👧', 'ünï côdé 漢字 😀 👩‍👧'", "'C:\\dir', 'C:\\dir'"})
    void harmlessTextStays(String text, String shown) {
        assertThat(Plain.line(text)).isEqualTo(shown);
    }

    @Test
    void attacksAreShown() {
        assertThat(Plain.line("\033[2J\033]0;title\007")).isEqualTo("\\x1b[2J\\x1b]0;title\\x07");
        assertThat(Plain.line("\u009b31m\u202egnp.exe")).isEqualTo("\\x9b31m\\u202egnp.exe");
        assertThat(Plain.line("a\r\nb\tc")).isEqualTo("a\\x0d\\x0ab\\x09c");
        assertThat(Plain.line("\ud800x")).isEqualTo("\\ud800x");
        assertThat(Plain.line("\udb40\udc41")).isEqualTo("\\U0e0041");
        assertThat(Plain.line(null)).isEmpty();
    }

    @Test
    void blocksKeepTheirLines() {
        assertThat(Plain.block("a\r\nb\tc\rd\nüe\033")).isEqualTo("a\nb    c\\x0dd\nüe\\x1b");
    }

    @Test
    void jsonKeepsItsMeaning() {
        assertThat(Plain.json("{\"a\":\"ü\u202e\u009b\u007f漢😀\"}")).isEqualTo("{\"a\":\"ü\\u202e\\u009b\\u007f漢😀\"}");
        assertThat(Plain.json("{}")).isEqualTo("{}");
    }

    @Test
    void wideCharactersAlign() {
        Table table = new Table("A", "B", "C")
                .row("漢字", "x", "1")
                .row("e\u0301", null, "2")
                .row("😀", "", 3);
        assertThat(table.lines(0)).containsExactly("A     B  C", "漢字  x  1", "e\u0301     -  2", "😀    -  3");
    }

    @Test
    void onlyTheLastColumnIsCutAndOnlyOnATerminal() {
        Table table = new Table("A", "REASON").row("x", "a long reason that does not fit");
        assertThat(table.lines(0)).last().isEqualTo("x  a long reason that does not fit");
        assertThat(table.lines(20)).last().isEqualTo("x  a long reason th…");
        assertThat(table.lines(5)).last().isEqualTo("x  a long reason that does not fit");
        assertThat(Width.cut("漢字漢字", 4)).isEqualTo("漢…");
    }

    @Test
    void cellsAreHarmless() {
        assertThat(new Table("A").row("\033[31m\nx").lines(0)).last().isEqualTo("\\x1b[31m\\x0ax");
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1536,1.5 KiB", "1048576,1.0 MiB", "5368709120,5.0 GiB"})
    void sizes(long bytes, String words) {
        assertThat(Words.size(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0 s", "PT-3S,0 s", "PT59S,59 s", "PT60S,1 m", "PT61M,1 h 1 m", "P2DT3H,2 d 3 h"})
    void durations(Duration duration, String words) {
        assertThat(Words.duration(duration)).isEqualTo(words);
    }

    @Test
    void times() {
        Instant now = Instant.parse("2026-01-01T00:00:10Z");
        assertThat(Words.ago(now.minusSeconds(3), now)).isEqualTo("3 s ago");
        assertThat(Words.ago(null, now)).isEqualTo("-");
        assertThat(Words.in(now.plusSeconds(3), now)).isEqualTo("in 3 s");
        assertThat(Words.clock(now, java.time.ZoneOffset.UTC)).isEqualTo("00:00:10");
    }

    @Test
    void peers() {
        assertThat(PeerNames.of("bob", "x")).isEqualTo("bob");
        assertThat(PeerNames.of(null, "abcdefghijklmnop")).isEqualTo("abcdefghijkl…");
        assertThat(PeerNames.of("\033c", null)).isEqualTo("\\x1bc");
        assertThat(PeerNames.groups("abcdefghij")).isEqualTo("abcd efgh ij");
    }
}
