package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.parley.admin.NodeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventSubscriptionTest {
    private static final NodeEvent EVENT = new NodeEvent.PeerForgotten(Instant.EPOCH, "p", null);
    private final AtomicInteger closed = new AtomicInteger();

    private EventSubscription subscription(int events) {
        return new EventSubscription(Set.of(), events, ignored -> closed.incrementAndGet());
    }

    private static void offer(EventSubscription to, int weight) {
        to.offer(EVENT.getClass(), weight, () -> EVENT);
    }

    @Test
    void handsOutWhatWasOfferedInOrder() throws Exception {
        var all = new ArrayList<NodeEvent>();
        try (var subscription = subscription(3)) {
            for (int i = 0; i < 3; i++) {
                var event = new NodeEvent.PeerForgotten(Instant.EPOCH, "p" + i, null);
                all.add(event);
                subscription.offer(event.getClass(), 1, () -> event);
            }
            for (NodeEvent each : all) {
                assertThat(subscription.next(0)).contains(each);
            }
            assertThat(subscription.next(1)).isEmpty();
            assertThat(subscription.lost()).isZero();
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void handsOutOnlyTheKindsThatAreWanted() throws Exception {
        var wanted = new NodeEvent.NodeStopping(Instant.EPOCH);
        var subscription = new EventSubscription(Set.of(NodeEvent.NodeStopping.class), 8, ignored -> {});
        offer(subscription, 1);
        subscription.offer(wanted.getClass(), 1, () -> wanted);
        assertThat(subscription.next(0)).contains(wanted);
        assertThat(subscription.next(0)).isEmpty();
    }

    @Test
    void oneEventTooManyLosesAllOnceAndTellsHowMany() throws Exception {
        var overruns = new AtomicInteger();
        var subscription = subscription(2);
        subscription.onOverrun(overruns::incrementAndGet);
        for (int i = 0; i < 5; i++) {
            offer(subscription, 1);
        }
        assertThat(subscription.lost()).isEqualTo(5);
        assertThat(overruns).hasValue(1);
        assertThat(subscription.next(60_000)).isEmpty();
    }

    @Test
    void boundsBytesButTakesOneEventOfAnySize() throws Exception {
        var subscription = subscription(1000);
        offer(subscription, 2 * EventSubscription.BUFFER_BYTES);
        assertThat(subscription.next(0)).contains(EVENT);
        offer(subscription, EventSubscription.BUFFER_BYTES);
        assertThat(subscription.lost()).isZero();
        offer(subscription, 1);
        assertThat(subscription.lost()).isEqualTo(2);
    }

    @Test
    void closingWakesTheReader() {
        var subscription = subscription(1);
        Thread.ofVirtual().start(subscription::close);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(subscription.next(600_000)).isEmpty());
        assertThat(subscription.isClosed()).isTrue();
    }
}
