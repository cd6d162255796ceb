package dev.parley.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NetLogTest {
    private static final NetLog.Settings SETTINGS = new NetLog.Settings(1 << 20, 3, 1000, 1 << 20);
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-02T12:00:00.123456789Z"), ZoneOffset.UTC);

    private static final IdentityKey IDENTITY = IdentityKey.generate(2048, new SecureRandom());

    @TempDir
    Path directory;

    @Test
    void anEventIsOneJsonObjectOnALine() throws Exception {
        var id = UUID.randomUUID();
        byte[] frame = {0, 1, (byte) 0xff};
        try (var log = open()) {
            log.record(new MessageEvent.MessageSent(id, null, id, 2, 7, "direct", 5, frame));
        }
        var line = lines().getFirst();
        assertThat(line)
                .startsWith(
                        "{\"time\":\"2026-01-02T12:00:00.123456Z\",\"seq\":1,\"prev\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"level\":\"INFO\",");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("event").asText()).isEqualTo("MESSAGE_SENT");
        assertThat(json.get("ciphertext").asText())
                .isEqualTo(Base64.getEncoder().encodeToString(frame));
        assertThat(json.get("message").asText()).isEqualTo(id.toString());
        assertThat(json.has("peer")).as("what is null is left out").isFalse();
    }

    @Test
    void whatAPeerSaysIsMarkedAsClaimedAndCannotForgeALine() throws Exception {
        var evil = "x\"}\n{\"event\":\"FORGED\"}\u001b[2J\u202e";
        try (var log = open()) {
            log.record(new HandshakeEvent.HandshakeRejected(
                    1, AuditEvent.Role.INITIATOR, "127.0.0.1:1", "REJECT", 3, Claim.of(evil)));
            log.record(new NodeEvent.StartFailed(1, "our own text\nwith a line end"));
        }
        assertThat(lines()).hasSize(2);
        var json = new ObjectMapper().readTree(lines().getFirst());
        assertThat(json.get("claimedReason").asText()).isEqualTo("x\"}\uFFFD{\"event\":\"FORGED\"}\uFFFD[2J\uFFFD");
        assertThat(json.has("reason")).isFalse();
    }

    @Test
    void theFileIsForItsOwnerAlone() throws Exception {
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aRecordedEventIsInTheFileWithoutClosingIt() throws Exception {
        try (var log = open()) {
            log.record(new NodeEvent.NodeStopping("test")).toCompletableFuture().get();
            assertThat(lines()).hasSize(1);
        }
    }

    @Test
    void theNumbersGoOnAfterARestartEvenBehindATornLine() throws Exception {
        try (var log = open()) {
            log.record(new NodeEvent.NodeStopping("one"));
            log.record(new NodeEvent.NodeStopping("two"));
        }
        Files.writeString(file(), "{\"time\":\"2026-01-02T12:00:00.0", StandardOpenOption.APPEND);
        try (var log = open()) {
            log.record(new NodeEvent.NodeStopping("three"));
        }
        assertThat(lines()).hasSize(5);
        assertThat(lines().get(3)).contains("\"seq\":3,", "\"TORN_LINE\",\"size\":30,");
        assertThat(lines().getLast()).contains("\"seq\":4,", "three");
    }

    @Test
    void itRotatesBySizeAndKeepsTheNumbers() throws Exception {
        var small = new NetLog.Settings(1 << 14, 2, 1000, 1 << 20);
        for (int run = 0; run < 2; run++) {
            try (var log = NetLog.open(file(), small, NOON)) {
                log.seal(IDENTITY, directory.resolve("audit.key"));
                for (int i = 0; i < 500; i++) {
                    log.record(new NodeEvent.NodeStopping("event " + i));
                }
            }
        }
        assertThat(directory.resolve("net.log.1")).exists();
        assertThat(directory.resolve("net.log.2")).exists();
        assertThat(directory.resolve("net.log.3")).doesNotExist();
        for (String name : List.of("net.log", "net.log.1", "net.log.2")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(Files.size(directory.resolve("net.log.1")))
                .as("what waits to be written when the size is reached comes on top: 500 lines at most")
                .isLessThan((1 << 14) + 500 * 300);
        assertThat(lines().getFirst()).contains("\"reason\":\"ROTATED\"");
        assertThat(lines().getLast()).contains("\"reason\":\"STOP\"");
    }

    @Test
    void manyThreadsLoseNothingAndEachKeepsItsOrder() throws Exception {
        var small = new NetLog.Settings(1 << 24, 2, 64, 1 << 20);
        try (var log = NetLog.open(file(), small, Clock.systemUTC())) {
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                threads.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 1000; i++) {
                        log.record(new NodeEvent.StartFailed(i, "thread " + thread));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        var next = new HashMap<String, Integer>();
        long seq = 0;
        var mapper = new ObjectMapper();
        for (var line : lines()) {
            var json = mapper.readTree(line);
            assertThat(json.get("seq").asLong()).isEqualTo(++seq);
            int expected = next.merge(json.get("problem").asText(), 1, Integer::sum) - 1;
            assertThat(json.get("exitCode").asInt()).isEqualTo(expected);
        }
        assertThat(seq).isEqualTo(4000);
    }

    @Test
    void subscribersSeeLinesInOrderAndAFailingOneHarmsNobody() throws Exception {
        var seen = new ArrayList<Long>();
        try (var log = open()) {
            log.subscribe(recorded -> {
                throw new IllegalStateException("on purpose");
            });
            log.subscribe(recorded -> seen.add(recorded.seq()));
            for (int i = 0; i < 1000; i++) {
                log.record(new NodeEvent.NodeStopping("x"));
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1000).boxed().toList());
    }

    @Test
    void aFullQueueMakesTheCallerWaitAndThenTellsOfTheLoss() throws Exception {
        var tiny = new NetLog.Settings(1 << 20, 2, 16, 1 << 20);
        var stuck = new CountDownLatch(1);
        var failures = new ArrayList<CompletableFuture<Void>>();
        try (var log = NetLog.open(file(), tiny, NOON)) {
            var blocked = new CountDownLatch(1);
            log.subscribe(recorded -> {
                blocked.countDown();
                await(stuck);
            });
            log.record(new NodeEvent.NodeStopping("first"));
            await(blocked);
            for (int i = 0; i < 16; i++) {
                log.record(new NodeEvent.NodeStopping("queued"));
            }
            long start = System.nanoTime();
            failures.add(log.record(new NodeEvent.NodeStopping("too many")).toCompletableFuture());
            assertThat(System.nanoTime() - start).isGreaterThan(NetLog.PATIENCE.toNanos() / 2);
            stuck.countDown();
        }
        assertThat(failures.getFirst()).isCompletedExceptionally();
        assertThat(lines()).hasSize(18).anyMatch(line -> line.contains("\"AUDIT_LOST\",\"events\":1"));
        assertThat(lines()).noneMatch(line -> line.contains("too many"));
    }

    @Test
    void aSubscriberMayRecordEvenWhenTheQueueIsFull() throws Exception {
        var tiny = new NetLog.Settings(1 << 20, 2, 16, 1 << 20);
        try (var log = NetLog.open(file(), tiny, NOON)) {
            var echo = new AtomicReference<AuditLog>(log);
            log.subscribe(recorded -> {
                if (recorded.event() instanceof NodeEvent.NodeStopping) {
                    echo.get().record(new NodeEvent.StartFailed(0, "echo"));
                }
            });
            for (int i = 0; i < 200; i++) {
                log.record(new NodeEvent.NodeStopping("x"));
            }
            Awaitility.await().untilAsserted(() -> assertThat(lines()).hasSize(400));
        }
    }

    @Test
    @EnabledIf("hasDevFull")
    void whatCannotBeWrittenIsToldToWhoeverWaits() throws Exception {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        try (var log = open()) {
            var refused = log.record(new NodeEvent.NodeStopping("no room")).toCompletableFuture();
            assertThatThrownBy(refused::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("No space");
            assertThat(log.isWritable()).isFalse();
        }
    }

    @Test
    void aClosedLogRefusesEvents() throws Exception {
        var log = open();
        log.close();
        var late = log.record(new NodeEvent.NodeStopping("late")).toCompletableFuture();
        assertThatThrownBy(late::get).isInstanceOf(ExecutionException.class).hasMessageContaining("closed");
    }

    static boolean hasDevFull() {
        return Files.exists(Path.of("/dev/full"));
    }

    private NetLog open() throws IOException {
        return NetLog.open(file(), SETTINGS, NOON);
    }

    private Path file() {
        return directory.resolve("net.log");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
