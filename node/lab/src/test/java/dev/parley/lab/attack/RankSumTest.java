package dev.parley.lab.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.lab.foe.RankSum;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The statistics of an attack that measures times: it must see a difference that is there, and none that is not. */
class RankSumTest {
    @Test
    void timesThatDifferByATenthAreToldApart() {
        Random random = new Random(13);
        assertThat(Math.abs(RankSum.z(sample(random, 1_000), sample(random, 1_100))))
                .isGreaterThan(4);
    }

    @Test
    void timesOfOneKindAreNotToldApart() {
        Random random = new Random(13);
        long beyond = IntStream.range(0, 1_000)
                .filter(i -> Math.abs(RankSum.z(sample(random, 1_000), sample(random, 1_000))) > 4)
                .count();
        assertThat(beyond).isLessThan(3);
    }

    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(RankSum.median(new long[] {9, 1, 5})).isEqualTo(5);
    }

    private static long[] sample(Random random, int mean) {
        return IntStream.range(0, 32)
                .mapToLong(i -> (long) (mean + 60 * random.nextGaussian()))
                .toArray();
    }
}
