package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AbsencesTest {

    @Test
    void nobodyComesEarlierThanToldNorStaysAwayForMuchLongerWhateverIsTold() {
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            long first = random.nextLong(10, 300_000);
            long most = first + random.nextLong(0, 86_400_000);
            // Of any size, the greatest that fits in 32 bits among them.
            long seconds = Math.max(1, 0xffff_ffffL >>> random.nextInt(32));
            long wait = new Absences(Duration.ofMillis(first), Duration.ofMillis(most), random).pause(seconds);
            assertThat(wait)
                    .as("first %d ms, most %d ms, told %d s", first, most, seconds)
                    .isBetween(Math.min(seconds * 1_000, most), most + 60_000);
        }
    }

    @Test
    void fiveHundredPeersComeBackSpreadOverTheTimeThatFollows() {
        Random random = new Random(3);
        Absences absences = new Absences(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
        int[] inSecond = new int[5];
        LongStream.generate(() -> absences.pause(5))
                .limit(500)
                .forEach(wait -> inSecond[(int) Math.min((wait - 5_000) / 1_000, 4)]++);
        // A hundred a second on average: none has twice as many, none is left out.
        assertThat(Arrays.stream(inSecond).boxed())
                .allSatisfy(peers -> assertThat(peers).isBetween(50, 200));
    }

    @Test
    void whoLeavesForLongIsNotCountedOnForLongerThanALostPeer() {
        Absences absences = new Absences(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1));
        assertThat(absences.pause(0xffff_ffffL)).isBetween(30_000L, 60_000L);
    }
}
