package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.store.CrashPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes write to each other without pause, and each dies at one point after the other. A node starts again on its way to
 * its next death, so that what the last one left behind is still being put right when that comes. The points on a file's way are
 * {@code TransferIT}'s.
 */
@Tag("long")
@Timeout(600)
class CrashPointIT {
    private static final int KILLED = 137;
    /** One that waits for an acknowledgement waits for the other to get through several deaths of its own. */
    private static final Duration DEATH_WITHIN = Duration.ofSeconds(120);

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    /** How often a point is passed, the last time included. The first commit is part of the start. */
    private static final int[] COUNTS = {1, 2, 9};

    private static final int[] SHORT = {1, 2};

    private static final List<CrashPoint> SENDING =
            List.of(CrashPoint.STORE_BEFORE_COMMIT, CrashPoint.OUTBOX_AFTER_SEAL, CrashPoint.OUTBOX_BEFORE_SETTLING);
    private static final List<CrashPoint> RECEIVING =
            List.of(CrashPoint.INBOX_BEFORE_STORING, CrashPoint.STORE_AFTER_COMMIT, CrashPoint.INBOX_BEFORE_ACK);

    @TempDir
    Path home;

    private final Ledger ledger = new Ledger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void whereverANodeDiesNothingIsLostAndNothingComesTwice() throws Exception {
        dieAndCompare(SHORT);
    }

    @Test
    void norWhenItDiesLater() throws Exception {
        dieAndCompare(COUNTS);
    }

    private void dieAndCompare(int... counts) throws Exception {
        try (Node alice = Node.make(home, "alice", Map.of());
                Node bob = Node.make(home, "bob", Map.of());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            alice.trust(bob);
            bob.trust(alice);
            alice.keepConnectionTo(bob, bob.port());
            try {
                List<Future<?>> writers =
                        List.of(threads.submit(() -> write(alice, bob)), threads.submit(() -> write(bob, alice)));
                List<Future<Void>> lives = List.of(
                        threads.submit(() -> live(alice, deaths(SENDING, counts))),
                        threads.submit(() -> live(bob, deaths(RECEIVING, counts))));
                for (Future<Void> each : lives) {
                    each.get();
                }
                enough.set(true);
                for (Future<?> each : writers) {
                    each.get();
                }
            } finally {
                enough.set(true);
            }
            await().atMost(SETTLED_WITHIN).until(() -> alice.waiting() + bob.waiting() == 0);
            System.out.println(ledger.check(List.of(alice, bob)));
            for (Node each : List.of(alice, bob)) {
                assertThat(each.process().netLog())
                        .doesNotContain("\"INTERNAL_ERROR\"", "\"TAMPERING\"", "\"STORE_ROLLED_BACK\"")
                        .doesNotContain("\"STORE_BEHIND_PEERS\"");
            }
        }
    }

    private static List<String> deaths(List<CrashPoint> points, int... counts) {
        return IntStream.of(counts)
                .boxed()
                .flatMap(count -> points.stream().map(point -> point + ":" + count))
                .toList();
    }

    private static Void live(Node node, List<String> deaths) throws IOException, InterruptedException {
        node.kill();
        for (String death : deaths) {
            node.launch(Map.of(CrashPoint.PROPERTY, death));
            assertThat(node.process().awaitExit(DEATH_WITHIN))
                    .as("%s at %s: %s", node.name(), death, node.process().errors())
                    .isEqualTo(KILLED);
        }
        node.startAgain();
        return null;
    }

    private void write(Node from, Node to) {
        for (int i = 0; !enough.get(); i++) {
            byte[] body = (from.name() + " " + i).getBytes(StandardCharsets.UTF_8);
            ledger.send(from, Set.of(to.name()), Map.of("to", to.name()), "text/plain", body);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
