package dev.parley.client.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parley.client.demo.Recording.Direction;
import dev.parley.client.demo.Recording.Frame;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private final Recording recording = new Recording();

    @Test
    void splitsADirectionIntoFramesAcrossReads() {
        add(Direction.OUT, "01 00 00 02 aa");
        add(Direction.OUT, "bb 10 00 01 00");
        add(Direction.OUT, "00".repeat(256));
        add(Direction.OUT, "77 00 00 00 10 00 00 05 01");
        add(Direction.BACK, "0f 00 00 01 02");

        assertThat(recording.frames(Direction.OUT))
                .extracting(Frame::name, Frame::length)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("HELLO", 2),
                        org.assertj.core.groups.Tuple.tuple("RECORD", 256),
                        org.assertj.core.groups.Tuple.tuple("type 77", 0));
        assertThat(recording.frames(Direction.OUT).getFirst().bytes()).containsExactly(1, 0, 0, 2, 0xaa, 0xbb);
        assertThat(recording.frames(Direction.BACK)).extracting(Frame::name).containsExactly("REJECT");
        assertThat(recording.size()).isEqualTo(5 + 5 + 256 + 9 + 5);
    }

    @Test
    void findsBytesThatPassedInEitherDirectionButNotAcrossBoth() {
        add(Direction.OUT, "01 02 03");
        add(Direction.OUT, "04 05");
        add(Direction.BACK, "06 07");

        assertThat(recording.contains(bytes("03 04"))).isTrue();
        assertThat(recording.contains(bytes("06 07"))).isTrue();
        assertThat(recording.contains(bytes("01 02 03 04 05"))).isTrue();
        assertThat(recording.contains(bytes("05 06"))).isFalse();
        assertThat(recording.contains(bytes("01 02 03 04 05 06"))).isFalse();
    }

    @Test
    void findsAnOverlappingStart() {
        assertThat(Recording.indexOf(bytes("01 01 02"), bytes("01 02"))).isEqualTo(1);
        assertThat(Recording.indexOf(bytes("01"), bytes("01 02"))).isEqualTo(-1);
        assertThatThrownBy(() -> Recording.indexOf(bytes("01"), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void measuresEntropy() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertThat(Recording.entropy(all)).isCloseTo(8, within(1e-9));
        assertThat(Recording.entropy(new byte[100])).isZero();
        assertThat(Recording.entropy("abab".getBytes(StandardCharsets.US_ASCII)))
                .isCloseTo(1, within(1e-9));
    }

    private void add(Direction direction, String hex) {
        byte[] bytes = bytes(hex);
        recording.add(direction, bytes, bytes.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
