package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private final Rate rate = new Rate();

    @Test
    void isTheBytesOfASecondWhateverTheStep() {
        rate.begin(1_000_000, 10_000);
        long bytes = 1_000_000;
        for (long now = 10_010; now <= 15_000; now += 10) {
            bytes += 20_000;
            rate.moved(bytes, now);
        }
        assertThat(rate.bytesPerSecond()).isBetween(1_990_000L, 2_010_000L);
    }

    @Test
    void isToldAtMostFourTimesASecond() {
        rate.begin(0, 0);
        int told = 0;
        for (long now = 1; now <= 2_000; now++) {
            told += rate.moved(now, now) ? 1 : 0;
        }
        assertThat(told).isEqualTo(8);
    }

    @Test
    void whatWasThereBeforeDoesNotCount() {
        rate.begin(50_000_000, 0);
        assertThat(rate.bytesPerSecond()).isZero();
        rate.moved(50_001_000, 1_000);
        assertThat(rate.bytesPerSecond()).isEqualTo(1_000);
    }
}
