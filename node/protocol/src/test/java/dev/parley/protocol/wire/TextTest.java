package dev.parley.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4: names are UTF-8 without characters of the Unicode categories Cc, Cf, Zl, Zp, Cs and Co. */
class TextTest {
    /** Two at least of each category that has them, and those beyond the first plane. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x1b, 0x7f, 0x85, 0xad, 0x200b, 0x202e, 0x2066, 0xfeff, 0xe0001, 0x2028, 0x2029, 0xe000, 0xf8ff,
                0xf0000, 0x10fffd
            })
    void refusesWhatHidesOrReorders(int codePoint) {
        String text = "a" + Character.toString(codePoint) + "b";
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Text.decode(utf8)).isInstanceOf(MalformedException.class);
        assertThat(Text.printable(text)).isFalse();
        assertThat(Text.show(utf8)).isEqualTo("a\ufffdb");
    }

    /** A space that is not ASCII, a combining accent, a code point that is not assigned, one beyond the first plane. */
    @ParameterizedTest
    @ValueSource(ints = {' ', 0xa0, 0x301, 0x378, 0x3000, 0xfffd, 0x1f600})
    void takesEverythingElse(int codePoint) throws MalformedException {
        String text = "a" + Character.toString(codePoint) + "b";
        assertThat(Text.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    /** Overlong, a surrogate, above U+10FFFF, cut off, a byte that never occurs, a lone continuation. */
    @ParameterizedTest
    @ValueSource(strings = {"c080", "c1bf", "e0809f", "eda080", "f4908080", "f8888080", "e282", "ff", "80", "61c3"})
    void refusesWhatIsNotUtf8(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> Text.decode(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessage("text is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1f, 0x7f, 0x80, 0xe9})
    void mediaTypesArePrintableAscii(int c) {
        assertThatThrownBy(() -> Text.decodeAscii(new byte[] {'a', (byte) c})).isInstanceOf(MalformedException.class);
    }
}
