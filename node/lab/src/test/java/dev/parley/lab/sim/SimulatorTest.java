package dev.parley.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dparley.sim.first=7} begins elsewhere, {@code -Dparley.sim.seeds} and {@code -Dparley.sim.minutes} set how long. */
class SimulatorTest {
    private static final int THREADS = 2;
    /** More than any defect needs to show. */
    private static final int SEARCH = 2_000;

    @Test
    void noSeedFindsAnything() {
        long seeds = Long.getLong("parley.sim.seeds", 1_000);
        assertThat(runAll(seeds, Duration.ofMinutes(30))).isEqualTo(seeds);
    }

    /** As many of 100,000 as fit into five minutes; {@code -Dparley.sim.minutes=600} for all of them. */
    @Test
    @Tag("long")
    void noneOfAHundredThousandSeedsFindsAnything() {
        long seeds = 100_000;
        long done = runAll(seeds, Duration.ofMinutes(Long.getLong("parley.sim.minutes", 5)));
        assertThat(done).as("seeds run").isPositive();
        System.out.println("simulator: " + done + " seeds of " + seeds);
    }

    @Test
    void aSeedIsTheSameRunEachTime() {
        for (long seed = 1; seed <= 40; seed++) {
            List<String> once = new ArrayList<>();
            List<String> again = new ArrayList<>();
            Outcome first = Simulator.run(seed, Defect.NONE, once::add);
            Outcome second = Simulator.run(seed, Defect.NONE, again::add);
            assertThat(once).as("seed %d", seed).hasSizeGreaterThan(10).isEqualTo(again);
            assertThat(first).isEqualTo(second);
        }
    }

    @Test
    void anotherSeedIsAnotherRun() {
        List<String> one = new ArrayList<>();
        List<String> other = new ArrayList<>();
        Simulator.run(1, Defect.NONE, one::add);
        Simulator.run(2, Defect.NONE, other::add);
        assertThat(one).isNotEqualTo(other);
    }

    /** Seeds reach what can go wrong: else that nothing was found would mean little. */
    @Test
    void everyFaultAndEveryEndingComesUp() {
        List<String> all = Collections.synchronizedList(new ArrayList<>());
        for (long seed = 1; seed <= 250; seed++) {
            Simulator.run(seed, Defect.NONE, all::add);
        }
        for (Scenario.Kind kind : Scenario.Kind.values()) {
            assertThat(all).as("fault %s", kind).anyMatch(line -> line.contains(" " + kind + " n"));
        }
        for (String ending : List.of(
                "TAMPERED", "TRUNCATED", "LOST", "REJECTED", "REJECTED_BY_PEER", "REPLACED", "HANDSHAKE_FAILED")) {
            assertThat(all).as(ending).anyMatch(line -> line.contains("ended:") && line.contains(ending));
        }
        assertThat(all).anyMatch(line -> line.contains("stranger")).anyMatch(line -> line.contains("is old"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDefectIsFoundAndItsSeedFindsItAgain(Defect defect) {
        List<Outcome> found = new ArrayList<>();
        Simulator.run(
                1, SEARCH, defect, 1, System.nanoTime() + Duration.ofMinutes(5).toNanos(), outcome -> {
                    if (!outcome.ok()) {
                        found.add(outcome);
                    }
                    return found.isEmpty();
                });
        assertThat(found).as("%s within %d seeds", defect, SEARCH).hasSize(1);
        Outcome first = found.getFirst();
        List<String> trace = new ArrayList<>();
        assertThat(Simulator.run(first.seed(), defect, trace::add)).isEqualTo(first);
        assertThat(trace.getLast())
                .contains("VIOLATION")
                .contains(first.violation().orElseThrow());
        assertThat(Simulator.run(first.seed(), Defect.NONE, null).ok()).isTrue();
    }

    private static long runAll(long seeds, Duration most) {
        List<Outcome> found = new ArrayList<>();
        long begun = System.nanoTime();
        long first = Long.getLong("parley.sim.first", 1);
        long done = Simulator.run(first, seeds, Defect.NONE, THREADS, begun + most.toNanos(), outcome -> {
            if (!outcome.ok()) {
                found.add(outcome);
            }
            return found.size() < 5;
        });
        assertThat(found)
                .as("parley lab sim --seed N --trace shows how it came to it")
                .isEmpty();
        return done;
    }
}
