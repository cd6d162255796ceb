package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes that all write and send files to each other, while every few seconds something bad happens to one of them or to
 * the wires between two. In the end each message and each file is in one final state, once, whole, and the same at both sides.
 *
 * <p>{@code -Dparley.soak.minutes=10} says how long, {@code -Dparley.soak.seed=N} repeats what happened in another run: the
 * schedule and what is sent, though not to the instant.
 */
@Tag("long")
@Timeout(3_600)
class SoakIT {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(120);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);
    private static final int PAUSE_MILLIS = 150;
    private static final int PAUSE_OF_FILES_MILLIS = 5_000;
    private static final int LARGEST = 200 << 10;
    private static final int LARGEST_FILE = 3 << 20;

    private static final Map<String, String> SETTINGS = Map.of(
            "parley.session.ping-after", "2s",
            "parley.session.dead-after", "6s",
            "parley.files.accept", "trusted",
            "parley.audit.rotate-keep", "100");

    @TempDir
    Path home;

    private final List<Node> nodes = new ArrayList<>();
    /** By dialer and target; none from a node to itself. */
    private final Relay[][] relays = new Relay[3][3];

    private final Ledger ledger = new Ledger();
    private final FileLedger files = new FileLedger();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Map<Mishap.Kind, Integer> happened = new EnumMap<>(Mishap.Kind.class);

    @Test
    void nothingIsLostAndNothingComesTwiceWhateverHappens() throws Exception {
        long seed = Long.getLong("parley.soak.seed", new Random().nextInt(1_000_000));
        long minutes = Long.getLong("parley.soak.minutes", 2);
        List<Mishap> schedule =
                Mishap.schedule(seed, relays.length, Duration.ofMinutes(minutes).toMillis());
        say("soak: %d minutes, seed %d, %d mishaps", minutes, seed, schedule.size());
        meet();
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                int node = i;
                writers.add(threads.submit(() -> write(node, new Random(seed + 1 + node))));
                writers.add(threads.submit(() -> handOver(node, new Random(seed - 1 - node))));
            }
            try {
                for (Mishap each : schedule) {
                    parkUntil(begun + Duration.ofMillis(each.atMillis()).toNanos());
                    happen(each);
                }
                parkUntil(begun + Duration.ofMinutes(minutes).toNanos());
            } finally {
                enough.countDown();
            }
            for (Future<?> each : writers) {
                each.get();
            }
        }
        awaitSettled();
        Ledger.Summary messages = ledger.check(nodes);
        FileLedger.Summary sent = files.check(nodes);
        say(
                "soak: seed %d, %d minutes: %s; %s; mishaps %s; came again and were known: %d",
                seed, minutes, messages, sent, happened, inNetLogs("MESSAGE_DUPLICATE"));
        for (Node each : nodes) {
            assertThat(each.process().netLog())
                    .doesNotContain("\"INTERNAL_ERROR\"", "\"STORE_ROLLED_BACK\"", "\"STORE_BEHIND_PEERS\"")
                    .doesNotContain("\"FILE_VIOLATION\"");
        }
    }

    private void meet() throws IOException {
        for (String name : List.of("alice", "bob", "carol")) {
            nodes.add(Node.make(home, name, SETTINGS));
        }
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            for (Node other : nodes) {
                if (other != node) {
                    node.trust(other);
                }
            }
            Node.expect(200, node.admin().put("/v1/groups/all"));
            for (String member : others(i)) {
                Node.expect(200, node.admin().put("/v1/groups/all/members/" + member));
            }
        }
        // Both dial each other: which of two sessions stays is decided again and again.
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                if (i != j) {
                    relays[i][j] = new Relay(nodes.get(j).port());
                    nodes.get(i).keepConnectionTo(nodes.get(j), relays[i][j].port());
                }
            }
        }
    }

    private Void write(int node, Random random) throws InterruptedException {
        Node from = nodes.get(node);
        List<String> others = List.copyOf(others(node));
        do {
            // As many short ones as long ones, on a scale of powers.
            int size = (int) Math.exp(random.nextDouble() * Math.log(LARGEST));
            byte[] body = new byte[size];
            random.nextBytes(body);
            boolean text = random.nextBoolean();
            if (text) {
                for (int k = 0; k < size; k++) {
                    body[k] = (byte) ('!' + (body[k] & 63));
                }
            }
            String type = text ? "text/plain; charset=utf-8" : "application/octet-stream";
            String one = others.get(random.nextInt(others.size()));
            switch (random.nextInt(5)) {
                case 0 -> ledger.send(from, Set.copyOf(others), Map.of("broadcast", true), type, body);
                case 1 -> ledger.send(from, Set.copyOf(others), Map.of("to", "@all"), type, body);
                default -> ledger.send(from, Set.of(one), Map.of("to", one), type, body);
            }
        } while (!enough.await(random.nextInt(2 * PAUSE_MILLIS), TimeUnit.MILLISECONDS));
        return null;
    }

    /** A few files a minute. */
    private Void handOver(int node, Random random) throws InterruptedException {
        while (!enough.await(random.nextInt(2 * PAUSE_OF_FILES_MILLIS), TimeUnit.MILLISECONDS)) {
            // Most are long enough for something to happen on their way; the others are of any length.
            int size = random.nextInt(3) > 0
                    ? random.nextInt(1, LARGEST_FILE + 1)
                    : (int) Math.exp(random.nextDouble() * Math.log(LARGEST_FILE));
            byte[] content = new byte[size];
            random.nextBytes(content);
            files.send(
                    nodes.get(node), nodes.get((node + 1 + random.nextInt(nodes.size() - 1)) % nodes.size()), content);
        }
        return null;
    }

    private void happen(Mishap mishap) throws IOException, InterruptedException {
        Node node = nodes.get(mishap.node());
        long end = System.nanoTime() + Duration.ofMillis(mishap.millis()).toNanos();
        say(
                "soak: %6.1f s %s %s, %s",
                mishap.atMillis() / 1e3,
                mishap.kind(),
                node.name(),
                nodes.get(mishap.other()).name());
        happened.merge(mishap.kind(), 1, Integer::sum);
        List<Relay> wires = List.of(relays[mishap.node()][mishap.other()], relays[mishap.other()][mishap.node()]);
        switch (mishap.kind()) {
            case KILL -> {
                node.kill();
                parkUntil(end);
                node.startAgain();
            }
            case RESTART -> {
                node.stop(STOPPED_WITHIN);
                parkUntil(end);
                node.startAgain();
            }
            case FREEZE -> {
                node.process().signal("STOP");
                parkUntil(end);
                node.process().signal("CONT");
            }
            case CUT -> wires.forEach(Relay::cut);
            case PARTITION -> {
                wires.forEach(Relay::hold);
                parkUntil(end);
                wires.forEach(Relay::release);
            }
            case TEAR -> wires.forEach(Relay::tear);
        }
    }

    private void awaitSettled() {
        await().atMost(SETTLED_WITHIN).untilAsserted(() -> {
            for (Node each : nodes) {
                assertThat(each.waiting()).as("what waits at %s", each.name()).isZero();
                FileLedger.assertSettled(each);
            }
        });
    }

    private int inNetLogs(String event) throws IOException {
        int count = 0;
        for (Node each : nodes) {
            count += each.process().netLog().split("\"" + event + "\"", -1).length - 1;
        }
        return count;
    }

    private Set<String> others(int node) {
        return nodes.stream()
                .filter(each -> each != nodes.get(node))
                .map(Node::name)
                .collect(Collectors.toSet());
    }

    /** The schedule is by the clock: nothing is waited for here. */
    private static void parkUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void say(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }

    @AfterEach
    void end() throws IOException {
        nodes.forEach(Node::close);
        for (Relay[] row : relays) {
            for (Relay each : row) {
                if (each != null) {
                    each.close();
                }
            }
        }
    }
}
