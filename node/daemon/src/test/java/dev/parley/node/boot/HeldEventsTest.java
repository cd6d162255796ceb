package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.audit.NetLog.Recorded;
import dev.parley.node.audit.NodeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldEventsTest {
    private final HeldEvents held = new HeldEvents();
    private final List<Recorded> counted = new ArrayList<>();

    @Test
    void whatComesEarlyIsCountedOnceAndBeforeWhatComesLater() {
        Recorded first = event(1);
        Recorded second = event(2);
        Recorded third = event(3);
        held.accept(first);
        held.accept(second);
        assertThat(counted).isEmpty();
        held.handOver(counted::add);
        held.accept(third);
        assertThat(counted).containsExactly(first, second, third);
    }

    private static Recorded event(long seq) {
        return new Recorded(seq, Instant.EPOCH, new NodeEvent.NodeStopped(Duration.ofSeconds(seq)));
    }
}
