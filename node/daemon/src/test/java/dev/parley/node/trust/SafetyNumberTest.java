package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetyNumberTest {

    /** Computed by another implementation: hashlib.pbkdf2_hmac of Python 3.11, from the formula alone. */
    @ParameterizedTest
    @CsvSource({
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq,"
                + " 033691985957919112182353654192788049949890405605610019535257,"
                + " bullet parrot arctic enforce depth boring",
        "fpmansl7byak6gq7ymzi7j3dvetjoi6i3oh2yt4tv5y5wgdnn2ia, qg3dpwh42ldnuy2z42ldce5bc4g6pfpew4s3qti6bngp3hwfrtuq,"
                + " 612410668846471702925056117679139466976150055092410214344458,"
                + " silly depart lens join inch agree",
        "777777777777777777777777777777777777777777777777777q, p57x6737p57x6737p57x6737p57x6737p57x6737p57x6737p57q,"
                + " 970979682292301729371599936659939656745804646032537572025487,"
                + " shield loud milk jazz clever honey"
    })
    void isTheSameOnBothSidesAndAsAnotherImplementationHasIt(String one, String other, String number, String words) {
        var expected = new SafetyNumber(number, List.of(words.split(" ")));
        assertThat(SafetyNumber.of(PeerId.parse(one), PeerId.parse(other))).isEqualTo(expected);
        assertThat(SafetyNumber.of(PeerId.parse(other), PeerId.parse(one))).isEqualTo(expected);
    }

    @Test
    void isReadAsPeopleWriteIt() {
        var safety = new SafetyNumber("0".repeat(59) + "7", List.of("a", "b", "c", "d", "e", "f"));
        assertThat(safety.hasNumber("00000 ".repeat(11) + "00007")).isTrue();
        assertThat(safety.hasNumber("00000-".repeat(11) + "00007\n")).isTrue();
        assertThat(safety.hasNumber("7")).as("not one digit is missing").isFalse();
        assertThat(safety.hasNumber("0".repeat(60))).isFalse();
        assertThat(safety.hasNumber("")).isFalse();
        assertThat(safety.hasWords(" A, b c-d\te F ")).isTrue();
        assertThat(safety.hasWords("a b c d e")).isFalse();
        assertThat(safety.hasWords("b a c d e f")).isFalse();
        assertThat(safety.hasWords("")).isFalse();
    }
}
