package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class WorkLaneTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private final WorkLane lane = new WorkLane(pool::add, 1, 2);

    @Test
    void runsOneAfterTheOtherInOrder() {
        submit("a", false);
        submit("b", false);
        submit("c", false);
        assertThat(pool).as("only one runs at once").hasSize(1);
        drain();
        assertThat(log).containsExactly("ran a", "ran b", "ran c");
    }

    @Test
    void theLongestWaitingOrdinaryJobGivesWay() {
        submit("running", false);
        submit("a", false);
        submit("b", true);
        submit("c", false);
        assertThat(log).containsExactly("gave way a");
        submit("d", true);
        assertThat(log).containsExactly("gave way a", "gave way c");
        drain();
        assertThat(log).containsExactly("gave way a", "gave way c", "ran running", "ran b", "ran d");
    }

    @Test
    void aJobThatThrowsDoesNotStopTheLane() {
        lane.submit(
                new WorkLane.Job(
                        () -> {
                            throw new IllegalStateException("broken job");
                        },
                        () -> {}),
                false);
        submit("after", false);
        try {
            pool.remove().run();
        } catch (IllegalStateException expected) {
            log.add("threw");
        }
        drain();
        assertThat(log).containsExactly("threw", "ran after");
        assertThat(lane.waiting()).isZero();
    }

    private void submit(String name, boolean first) {
        lane.submit(new WorkLane.Job(() -> log.add("ran " + name), () -> log.add("gave way " + name)), first);
    }

    private void drain() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }
}
