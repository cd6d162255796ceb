package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.ConnectionEvent.PenaltyBegun;
import dev.parley.node.audit.ConnectionEvent.PenaltyEnded;
import dev.parley.node.trust.AddressKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PenaltiesTest {

    private static final Duration HALF_LIFE = Duration.ofSeconds(60);
    private static final AddressKey ONE = new AddressKey("192.0.2.1");
    private static final AddressKey TWO = new AddressKey("192.0.2.2");

    private final List<AuditEvent> log = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private long now = 1_000_000;
    private final Penalties penalties = new Penalties(
            100, HALF_LIFE, (address, event) -> log.add(event), (delay, task) -> timers.add(task), () -> now);

    @Test
    void whoCostsTooMuchIsHeldBackUntilHalfOfTheThresholdHasDecayed() {
        penalties.open(ONE).charge(99);
        assertThat(penalties.refuses(ONE)).isFalse();
        penalties.open(ONE).charge(1);
        assertThat(penalties.refuses(ONE)).isTrue();
        assertThat(penalties.refuses(TWO)).isFalse();
        assertThat(log).containsExactly(new PenaltyBegun("192.0.2.1", 100));
        assertThat(penalties.heldBack(10)).singleElement().satisfies(held -> {
            assertThat(held.address()).isEqualTo(ONE);
            assertThat(held.cost()).isCloseTo(100, within(0.1));
            assertThat(held.refused()).isEqualTo(1);
            assertThat(held.freeIn()).isBetween(HALF_LIFE, HALF_LIFE.plusSeconds(1));
        });
        after(Duration.ofSeconds(59));
        assertThat(penalties.refuses(ONE)).isTrue();
        after(Duration.ofSeconds(2));
        assertThat(penalties.refuses(ONE)).isFalse();
        assertThat(penalties.heldBack()).isZero();
        assertThat(log.getLast()).isEqualTo(new PenaltyEnded("192.0.2.1", "DECAYED", Duration.ofSeconds(61), 2));
        assertThat(timers).as("an idle node has no timer").isEmpty();
    }

    @Test
    void costDecaysSoThatAModestStrangerIsNeverHeldBack() {
        // One unit a second comes to 60 / ln 2 = 86.6 and no more.
        for (int i = 0; i < 3_600; i++) {
            penalties.open(ONE).charge(1);
            after(Duration.ofSeconds(1));
        }
        assertThat(log).isEmpty();
    }

    @Test
    void whoGoesOnStaysButIsFreeAtMostThreeHalfLivesAfterItStopped() {
        penalties.open(ONE).charge(1e12);
        assertThat(penalties.heldBack(1).getFirst().freeIn()).isEqualTo(HALF_LIFE.multipliedBy(3));
        for (int i = 0; i < 1_000; i++) {
            for (int connection = 0; connection < 100; connection++) {
                assertThat(penalties.refuses(ONE)).isTrue();
            }
            after(Duration.ofSeconds(1));
        }
        after(HALF_LIFE.multipliedBy(3).plusSeconds(1));
        assertThat(penalties.refuses(ONE)).isFalse();
    }

    @Test
    void aTrustedPeerPaysNothingAndTakesNothingFromWhatOthersCost() {
        Penalties.Tab stranger = penalties.open(ONE);
        stranger.charge(60);
        for (int i = 0; i < 1_000; i++) {
            Penalties.Tab trusted = penalties.open(ONE);
            trusted.charge(10);
            trusted.forgive();
            trusted.forgive();
        }
        assertThat(log).isEmpty();
        stranger.charge(39);
        assertThat(penalties.heldBack()).isZero();
        stranger.charge(2);
        assertThat(penalties.heldBack()).isOne();
    }

    @Test
    void theOperatorForgives() {
        assertThat(penalties.forgive(ONE)).isEmpty();
        penalties.open(ONE).charge(150);
        assertThat(penalties.refuses(ONE)).isTrue();
        assertThat(penalties.forgive(ONE)).hasValueSatisfying(forgiven -> {
            assertThat(forgiven.cost()).isCloseTo(150, within(1.0));
            assertThat(forgiven.wasHeldBack()).isTrue();
        });
        assertThat(penalties.refuses(ONE)).isFalse();
        assertThat(log.getLast()).isEqualTo(new PenaltyEnded("192.0.2.1", "FORGIVEN", Duration.ZERO, 1));
        assertThat(penalties.forgive(ONE)).isEmpty();
        penalties.open(TWO).charge(1);
        assertThat(penalties.forgive(TWO))
                .hasValueSatisfying(
                        forgiven -> assertThat(forgiven.wasHeldBack()).isFalse());
    }

    @Test
    void memoryIsBoundedAndWhoIsForgottenIsHeldBackNoLonger() {
        penalties.open(ONE).charge(150);
        for (int i = 0; i < Penalties.ADDRESSES_AT_MOST; i++) {
            penalties
                    .open(new AddressKey("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)))
                    .charge(1);
        }
        assertThat(penalties.heldBack()).isZero();
        assertThat(log.getLast()).isEqualTo(new PenaltyEnded("192.0.2.1", "FORGOTTEN", Duration.ZERO, 0));
    }

    @Test
    void theMostCostlyComeFirst() {
        penalties.open(ONE).charge(150);
        penalties.open(TWO).charge(250);
        assertThat(penalties.heldBack(10))
                .extracting(Penalties.HeldBack::address)
                .containsExactly(TWO, ONE);
        assertThat(penalties.heldBack(1))
                .extracting(Penalties.HeldBack::address)
                .containsExactly(TWO);
    }

    @Test
    void manyThreadsChargeForgiveAndAskAtOnce() {
        Penalties shared = new Penalties(
                100, HALF_LIFE, (address, event) -> {}, (delay, task) -> {}, () -> System.nanoTime() / 1_000_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> {
                    for (int j = 0; j < 20_000; j++) {
                        Penalties.Tab tab = shared.open(ONE);
                        tab.charge(50);
                        tab.forgive();
                        shared.refuses(TWO);
                        shared.heldBack(10);
                    }
                });
            }
        }
        assertThat(shared.forgive(ONE))
                .hasValueSatisfying(left -> assertThat(left.cost())
                        .as("all was forgiven, but for refusals while others' charges were under way")
                        .isLessThan(100 * Penalties.THRESHOLDS_AT_MOST));
        assertThat(shared.forgive(TWO)).isEmpty();
    }

    /** Time passes, second by second, and timers that are due run. */
    private void after(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            now += 1_000;
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
        }
    }
}
