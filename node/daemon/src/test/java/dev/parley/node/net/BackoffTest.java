package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void beginsBetweenOneAndFiveSecondsDoublesAndStaysBelowTheMost() {
        for (int seed = 0; seed < 200; seed++) {
            Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random(seed));
            for (int failure = 0; failure < 100; failure++) {
                long least = Math.min(1_000L << Math.min(failure, 20), 150_000);
                long most = Math.min(5_000L << Math.min(failure, 20), 300_000);
                assertThat(backoff.next()).as("failure %d", failure).isBetween(least, most);
            }
            backoff.reset();
            assertThat(backoff.next()).isBetween(1_000L, 5_000L);
        }
    }
}
