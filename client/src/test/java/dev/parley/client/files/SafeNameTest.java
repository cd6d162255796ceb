package dev.parley.client.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg | photo.jpg",
                "größe 漢字.txt | größe 漢字.txt",
                "/etc/passwd | passwd",
                "../../x | x",
                "a/.. | file",
                "c:\\x\\y.doc | y.doc",
                "x/ | file",
                ". | file",
                ".. | file",
                "... | file",
                ".bashrc | _bashrc",
                "-rf | _rf",
                "a. . | a",
                "CON | _CON",
                "con.txt | _con.txt",
                "Lpt9.tar.gz | _Lpt9.tar.gz",
                "com\u00b9 | _com\u00b9",
                "console | console",
                "a<b>c:d\"e?f*g|h | a_b_c_d_e_f_g_h",
                "a\u202egpj.exe | agpj.exe",
                "a\u0000\u001b[2J\n\u009b.txt | a[2J.txt",
                "a\u00a0b | a b",
                "\u2028 | file",
                "\ud800x | x"
            })
    void names(String line) {
        int bar = line.lastIndexOf(" | ");
        assertThat(SafeName.of(line.substring(0, bar))).isEqualTo(line.substring(bar + 3));
    }

    @Test
    void nothing() {
        assertThat(SafeName.of(null)).isEqualTo("file");
        assertThat(SafeName.of("")).isEqualTo("file");
    }

    @Test
    void longOnesKeepTheirExtension() {
        String name = SafeName.of("ü".repeat(300) + ".tar");
        assertThat(name).endsWith("ü.tar");
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
        assertThat(SafeName.of("😀".repeat(100))).isEqualTo("😀".repeat(63));
        String numbered = SafeName.numbered(name, 12);
        assertThat(numbered).endsWith(" (12).tar");
        assertThat(numbered.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
        assertThat(SafeName.numbered("a", 1)).isEqualTo("a (1)");
    }

    @Test
    void whatIsCleanStaysAsItIs() {
        for (String name : new String[] {"a.b", "x y.z", "_x", "file"}) {
            assertThat(SafeName.of(SafeName.of(name)))
                    .isEqualTo(SafeName.of(name))
                    .isEqualTo(name);
        }
    }
}
