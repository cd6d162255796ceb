package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.audit.AdminEvent.AdminRepeated;
import dev.parley.node.audit.AuditEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who watches is told of once, and then once a minute; the test turns the minutes. */
class RepeatedLooksTest {
    private static final RepeatedLooks.Look TOP = look(7, "/v1/stats");

    private final List<AuditEvent> told = new ArrayList<>();
    private final Queue<Runnable> minutes = new ArrayDeque<>();
    private final RepeatedLooks looks = new RepeatedLooks(
            event -> {
                told.add(event);
                return CompletableFuture.completedStage(null);
            },
            (delay, task) -> {
                assertThat(delay).isEqualTo(RepeatedLooks.WINDOW);
                minutes.add(task);
            });

    private static RepeatedLooks.Look look(int pid, String path) {
        return new RepeatedLooks.Look(1000, 100, pid, "GET", path, "READ");
    }

    private static AdminRepeated repeated(long count) {
        return new AdminRepeated(1000, 100, 7, "GET", "/v1/stats", "READ", count);
    }

    @Test
    void theFirstIsALineAndTheOthersOneAMinuteUntilThereAreNone() {
        assertThat(looks.count(TOP)).isFalse();
        for (int i = 0; i < 29; i++) {
            assertThat(looks.count(TOP)).isTrue();
        }
        assertThat(told).isEmpty();
        minutes.remove().run();
        assertThat(told).containsExactly(repeated(29));
        assertThat(looks.count(TOP)).isTrue();
        minutes.remove().run();
        minutes.remove().run();
        assertThat(told).containsExactly(repeated(29), repeated(1));
        assertThat(minutes).isEmpty();
        assertThat(looks.count(TOP)).isFalse();
    }

    @Test
    void whoElseLooksOrAtWhatElseIsALineOfItsOwn() {
        looks.count(TOP);
        assertThat(looks.count(look(8, "/v1/stats"))).isFalse();
        assertThat(looks.count(look(7, "/v1/doctor"))).isFalse();
        assertThat(looks.count(new RepeatedLooks.Look(1000, 100, 7, "GET", "/v1/stats", "OPERATE")))
                .isFalse();
    }

    @Test
    void theEndTellsWhatWasNotToldYet() {
        looks.count(TOP);
        looks.count(TOP);
        looks.count(look(8, "/v1/stats"));
        looks.end();
        assertThat(told).containsExactly(repeated(1));
        assertThat(looks.count(TOP)).isFalse();
        assertThat(looks.count(TOP)).isFalse();
        minutes.forEach(Runnable::run);
        assertThat(told).hasSize(1);
    }

    @Test
    void manyProcessesDoNotFillTheMemory() {
        for (int pid = 1; pid <= RepeatedLooks.LOOKS_AT_MOST; pid++) {
            looks.count(look(pid, "/v1/stats"));
        }
        assertThat(looks.count(look(-5, "/v1/stats"))).isFalse();
        assertThat(looks.count(look(-5, "/v1/stats"))).isFalse();
        assertThat(looks.count(look(1, "/v1/stats"))).isTrue();
    }

    @Test
    void onlyLooksThatChangeNothingAndWereAnsweredAreCounted() {
        assertThat(RepeatedLooks.PATHS)
                .allSatisfy(path -> assertThat(Permissions.ofResource("GET", path))
                        .get()
                        .extracting(Permissions.Rule::needs)
                        .isEqualTo(Permission.READ))
                .noneMatch(path -> path.contains("audit") || path.contains("{"));
        assertThat(RepeatedLooks.isLook("/v1/stats", 200)).isTrue();
        assertThat(RepeatedLooks.isLook("/v1/stats", 403)).isFalse();
        assertThat(RepeatedLooks.isLook("/v1/messages", 200)).isFalse();
        assertThat(RepeatedLooks.isLook(null, 200)).isFalse();
    }
}
