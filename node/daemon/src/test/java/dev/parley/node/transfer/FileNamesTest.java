package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "photo.jpg|photo.jpg",
                "Grüße an alle.txt|Grüße an alle.txt",
                "写真.jpg|写真.jpg",
                "/etc/passwd|passwd",
                "../../.ssh/authorized_keys|authorized_keys",
                "C:\\Windows\\system32\\cmd.exe|cmd.exe",
                "dir/|file",
                "..|file",
                ".|file",
                "...|file",
                "a/..|file",
                ".bashrc|_bashrc",
                "..hidden|_.hidden",
                "-rf|_rf",
                "report.pdf...|report.pdf",
                "report.pdf . |report.pdf",
                "  spaced  |spaced",
                "a<b>c:d\"e|a_b_c_d_e",
                "what?.txt|what_.txt",
                "CON|_CON",
                "con.txt|_con.txt",
                "NUL .tar.gz|_NUL .tar.gz",
                "com1|_com1",
                "COM\u00b9.log|_COM\u00b9.log",
                "lpt9.x|_lpt9.x",
                "CONIN$|_CONIN$",
                "console.txt|console.txt",
                "com10|com10",
                "e\u0301.txt|\u00e9.txt",
            })
    void isMadeHarmless(String suggested, String clean) {
        assertThat(FileNames.clean(suggested)).isEqualTo(clean);
        assertThat(FileNames.clean(clean)).as("a clean name stays").isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b",
                "a\nb",
                "a\u001b[2Jb",
                "a\u202eb",
                "a\u200bb",
                "a\u2028b",
                "a\ue000b",
                "a\ud800b",
                "a\u0085b"
            })
    void carriesNothingInvisible(String suggested) {
        assertThat(FileNames.clean(suggested)).startsWith("a_").endsWith("b");
    }

    @Test
    void namesWhatHasNoName() {
        assertThat(FileNames.clean("")).isEqualTo("file");
        assertThat(FileNames.clean(" \u00a0\t")).isEqualTo("_");
        assertThat(FileNames.clean("\u3000 ")).isEqualTo("file");
    }

    @Test
    void fitsAFileSystemAndKeepsItsEnding() {
        String clean = FileNames.clean("ä".repeat(300) + ".tar.gz");
        assertThat(clean).endsWith(".gz");
        assertThat(clean.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FileNames.MAX_BYTES);
        assertThat(FileNames.clean(clean)).isEqualTo(clean);
        assertThat(FileNames.clean("x." + "y".repeat(300)).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(FileNames.MAX_BYTES);
        assertThat(FileNames.clean("😀".repeat(100))).doesNotContain("\ufffd").matches("(😀)+");
    }
}
