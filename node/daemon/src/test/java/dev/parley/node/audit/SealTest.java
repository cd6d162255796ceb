package dev.parley.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.evidence.Finding;
import dev.parley.evidence.Finding.Kind;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.Report;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What NetLog writes verifies, whatever happens to it; and what was done to it in between is named. */
@Timeout(60)
class SealTest {
    private static final NetLog.Settings SETTINGS = new NetLog.Settings(1 << 24, 3, 1000, 1 << 20);
    private static final NetLog.Settings SMALL = new NetLog.Settings(1 << 14, 3, 1000, 1 << 20);
    private static final IdentityKey IDENTITY = IdentityKey.generate(2048, new SecureRandom());
    private static final IdentityKey NEXT = IdentityKey.generate(2048, new SecureRandom());

    @TempDir
    Path directory;

    @Test
    void eachRunEndsWithAStopAndTheNextGoesOn() throws Exception {
        for (int run = 0; run < 3; run++) {
            run(SETTINGS, 2_500);
        }
        var report = verify();
        assertThat(report.broken()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.starts()).isEqualTo(3);
        assertThat(report.unsealed()).isZero();
        assertThat(report.checkpoints()).as("three starts, lines, three stops").isGreaterThanOrEqualTo(9);
        assertThat(report.anchors()).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("audit.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void linesBeforeTheIdentityIsThereAreSealedByTheFirstCheckpoint() throws Exception {
        try (var log = open(SETTINGS)) {
            log.record(new NodeEvent.StartFailed(2, "no identity yet"));
        }
        assertThat(verify().broken()).extracting(Finding::kind).containsExactly(Kind.UNSEALED);
        run(SETTINGS, 1);
        assertThat(verify().broken()).isEmpty();
        assertThat(verify().lines()).isEqualTo(4);
    }

    @Test
    void filesGoOnFromEachOtherAndTheRestHoldsWithoutTheFirst() throws Exception {
        for (int run = 0; run < 4; run++) {
            run(SMALL, 150);
        }
        var report = verify();
        assertThat(directory.resolve("net.log.3")).exists();
        assertThat(report.broken()).isEmpty();
        assertThat(report.firstSeq()).as("the first was rotated away").isGreaterThan(1);
        assertThat(report.notes()).extracting(Finding::kind).containsExactly(Kind.BEGINS_LATER);
        assertThat(report.anchors()).isEqualTo(4);
    }

    @Test
    void whatElseIsLoggedInItsCategoryDoesNotBreakTheChain() throws Exception {
        var other = directory.resolve("other");
        try (var log = open(SETTINGS);
                var second = NetLog.open(other, SETTINGS, Clock.systemUTC())) {
            log.seal(IDENTITY, directory.resolve("audit.key"))
                    .toCompletableFuture()
                    .join();
            org.jboss.logging.Logger.getLogger(NetLogFile.CATEGORY).error("from elsewhere");
            second.record(new NodeEvent.NodeStopping("of another log"))
                    .toCompletableFuture()
                    .join();
            log.record(new NodeEvent.NodeStopping("of this one"))
                    .toCompletableFuture()
                    .join();
        }
        assertThat(verify().broken()).isEmpty();
        assertThat(Files.readString(file())).doesNotContain("elsewhere", "another log");
        assertThat(Files.readAllLines(other)).singleElement().asString().contains("of another log");
    }

    @Test
    void aTornLineIsOwnedUpTo() throws Exception {
        run(SETTINGS, 3);
        Files.writeString(file(), "{\"time\":\"2026-01-02T12:00:00.0", StandardOpenOption.APPEND);
        run(SETTINGS, 3);
        // Killed between the end of a torn line and what is said of it.
        Files.writeString(file(), "{\"time\":\"2026-01\n{\"time\":\"20", StandardOpenOption.APPEND);
        run(SETTINGS, 3);
        var report = verify();
        assertThat(report.broken()).isEmpty();
        assertThat(report.torn()).isEqualTo(2);
    }

    @Test
    void aKillInTheMiddleOfARotationIsUndone() throws Exception {
        run(SETTINGS, 10);
        byte[] whole = Files.readAllBytes(file());
        for (String begun : new String[] {null, "", "{\"time\":\"2026-"}) {
            Files.deleteIfExists(file());
            Files.write(directory.resolve("net.log.1"), whole);
            if (begun != null) {
                Files.writeString(file(), begun);
            }
            run(SETTINGS, 2);
            assertThat(verify().broken()).as("begun: %s", begun).isEmpty();
            assertThat(directory.resolve("net.log.1")).doesNotExist();
            whole = Files.readAllBytes(file());
        }
    }

    @Test
    void aCutEndIsNamedByTheNodeAndByWhoVerifies() throws Exception {
        run(SETTINGS, 3);
        byte[] early = Files.readAllBytes(file());
        run(SETTINGS, 3);
        run(SETTINGS, 3);
        Files.write(file(), early);
        assertBrokenAfterARun("does not fit");
    }

    @Test
    void aMissingKeyIsNamed() throws Exception {
        run(SETTINGS, 3);
        Files.delete(directory.resolve("audit.key"));
        assertBrokenAfterARun("audit.key is missing");
    }

    @Test
    void aDamagedKeyIsNamed() throws Exception {
        run(SETTINGS, 3);
        byte[] key = Files.readAllBytes(directory.resolve("audit.key"));
        key[key.length - 1] ^= 1;
        Files.write(directory.resolve("audit.key"), key);
        assertBrokenAfterARun("damaged");
    }

    @Test
    void anOldKeyPutBackIsNamed() throws Exception {
        run(SETTINGS, 3);
        Files.copy(directory.resolve("audit.key"), directory.resolve("old"));
        run(SETTINGS, 3);
        Files.move(directory.resolve("old"), directory.resolve("audit.key"), StandardCopyOption.REPLACE_EXISTING);
        assertBrokenAfterARun("does not fit");
    }

    @Test
    void aLogThatIsGoneIsNamed() throws Exception {
        run(SETTINGS, 3);
        Files.delete(file());
        assertBrokenAfterARun("is gone");
    }

    @Test
    void linesWithoutSealsAreNamed() throws Exception {
        Files.writeString(
                file(),
                "{\"time\":\"2026-01-02T12:00:00.123456Z\",\"seq\":1,\"level\":\"INFO\",\"event\":\"NODE_STARTED\"}\n");
        run(SETTINGS, 3);
        assertThat(verify().broken()).extracting(Finding::kind).containsExactly(Kind.UNSEALED);
        assertThat(Files.readString(file())).contains("LOG_CHAIN_BROKEN", "\"seq\":2,");
    }

    @Test
    void aClockThatIsSetBackIsOwnedUpTo() throws Exception {
        var now = new AtomicReference<>(Instant.parse("2026-01-02T12:00:00Z"));
        var clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        for (int run = 0; run < 2; run++) {
            try (var log = NetLog.open(file(), SETTINGS, clock)) {
                log.seal(IDENTITY, directory.resolve("audit.key"));
                for (long millis : new long[] {0, -500, -5_000, 100, -3_600_000}) {
                    now.set(now.get().plusMillis(millis));
                    log.record(new NodeEvent.NodeStopping("x"))
                            .toCompletableFuture()
                            .join();
                }
            }
        }
        var report = verify();
        assertThat(report.broken()).isEmpty();
        assertThat(report.notes())
                .extracting(Finding::kind)
                .containsOnly(Kind.CLOCK_SET_BACK)
                .hasSize(4);
    }

    @Test
    void whatWasNotWrittenIsCountedInTheChainOnceItCanBeWritten() throws Exception {
        var changes = new ArrayList<String>();
        // The keys cannot be kept while a directory is in the place of the new file: nothing may be logged unsealed.
        var obstacle = directory.resolve("audit.key.new");
        try (var log = open(SETTINGS)) {
            log.watch("stop", (writable, problem) -> changes.add(writable + " " + (problem == null)));
            log.seal(IDENTITY, directory.resolve("audit.key"))
                    .toCompletableFuture()
                    .join();
            Files.createDirectories(obstacle.resolve("x"));
            int lost = 0;
            for (int i = 0; i < 3_000; i++) {
                var written = log.record(new NodeEvent.NodeStopping("x")).toCompletableFuture();
                lost += written.handle((ok, failure) -> failure == null ? 0 : 1).join();
            }
            assertThat(lost).isPositive();
            assertThat(log.isWritable()).isFalse();
            assertThat(log.warnings()).singleElement().asString().startsWith("net.log cannot be written: ");
            Files.delete(obstacle.resolve("x"));
            Files.delete(obstacle);
            await().atMost(Duration.ofSeconds(10)).until(log::isWritable);
            assertThat(log.warnings()).isEmpty();
            log.record(new NodeEvent.NodeStopping("again"))
                    .toCompletableFuture()
                    .join();
            assertThat(Files.readString(file()))
                    .contains(
                            "\"event\":\"AUDIT_RESUMED\",\"onFailure\":\"stop\"",
                            "\"AUDIT_LOST\",\"events\":" + lost + "}");
        }
        assertThat(changes).containsExactly("false false", "true true");
        assertThat(verify().broken()).isEmpty();
    }

    /** Every instant at which a kill may come between two things that reach the disk, by taking the log of one and the key of the other. */
    @Test
    void theLogBeforeOrAfterACheckpointGoesOnWithTheKeysBeforeIt() throws Exception {
        try (var log = open(SETTINGS)) {
            log.seal(IDENTITY, directory.resolve("audit.key"))
                    .toCompletableFuture()
                    .join();
        }
        byte[] keyBefore = Files.readAllBytes(directory.resolve("audit.key"));
        byte[] logBefore = Files.readAllBytes(file());
        // One checkpoint further: START; its keys not kept, its line written, whole or torn.
        var log = open(SETTINGS);
        log.seal(IDENTITY, directory.resolve("audit.key")).toCompletableFuture().join();
        byte[] logAfter = Files.readAllBytes(file());
        log.close();
        for (int length : new int[] {logBefore.length, logBefore.length + 1, logAfter.length - 1, logAfter.length}) {
            Files.write(file(), java.util.Arrays.copyOf(logAfter, length));
            Files.write(directory.resolve("audit.key"), keyBefore);
            run(SETTINGS, 2);
            assertThat(verify().broken())
                    .as("%d bytes", length - logBefore.length)
                    .isEmpty();
            assertThat(verify().notes()).extracting(Finding::kind).doesNotContain(Kind.KEY_LOST);
        }
    }

    @Test
    void aChangeOfTheIdentityDoesNotBreakTheChain() throws Exception {
        run(SETTINGS, 3);
        change(IDENTITY, NEXT, 3);
        change(NEXT, NEXT, 3);
        change(NEXT, IDENTITY, 3);
        for (IdentityKey known : List.of(IDENTITY, NEXT)) {
            var report = verify(known);
            assertThat(report.broken()).isEmpty();
            assertThat(report.identities())
                    .containsExactly(
                            IDENTITY.peerId().toString(),
                            NEXT.peerId().toString(),
                            IDENTITY.peerId().toString());
            assertThat(report.starts()).isEqualTo(4);
            assertThat(report.unsealed()).isZero();
        }
        assertThat(Files.readString(file())).doesNotContain("LOG_CHAIN_BROKEN");
    }

    @Test
    void aChangeOfTheIdentityGoesOnOverFiles() throws Exception {
        for (int run = 0; run < 3; run++) {
            run(SMALL, 60);
        }
        try (var log = open(SMALL)) {
            log.seal(NEXT, Optional.of(IDENTITY), directory.resolve("audit.key"));
            for (int i = 0; i < 150; i++) {
                log.record(new NodeEvent.NodeStopping("event " + i));
            }
        }
        assertThat(directory.resolve("net.log.2")).exists();
        assertThat(verify(IDENTITY).broken()).isEmpty();
        assertThat(verify(NEXT).broken()).isEmpty();
    }

    /** Each line that reaches the disk, whole, torn or not at all, with the keys that are on the disk at that instant. */
    @Test
    void aKillAtAnyInstantOfAChangeOfTheIdentityIsMadeGoodByTheNextStart() throws Exception {
        run(SETTINGS, 3);
        record State(byte[] log, byte[] key) {}
        var states = new ArrayList<State>();
        long before = Files.size(file());
        try (var log = open(SETTINGS)) {
            log.subscribe(line -> {
                try {
                    states.add(
                            new State(Files.readAllBytes(file()), Files.readAllBytes(directory.resolve("audit.key"))));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            log.seal(NEXT, Optional.of(IDENTITY), directory.resolve("audit.key"))
                    .toCompletableFuture()
                    .join();
            log.record(new NodeEvent.NodeStopping("x")).toCompletableFuture().join();
        }
        assertThat(states).as("start, succession, event, stop").hasSize(4);
        for (State state : states) {
            int whole = state.log().length;
            int line = whole - 1 - lastLineEnd(state.log(), whole - 1);
            for (int cut : new int[] {0, 1, line / 2, line}) {
                Files.write(file(), java.util.Arrays.copyOf(state.log(), whole - cut));
                Files.write(directory.resolve("audit.key"), state.key());
                change(IDENTITY, NEXT, 2);
                change(NEXT, NEXT, 2);
                for (IdentityKey known : List.of(IDENTITY, NEXT)) {
                    assertThat(verify(known).broken())
                            .as("%d bytes, %d less", whole - before, cut)
                            .isEmpty();
                }
                assertThat(verify(NEXT).identities()).hasSize(2);
                assertThat(Files.readString(file())).doesNotContain("LOG_CHAIN_BROKEN");
            }
        }
    }

    @Test
    void aKeyThatIsMissingWhenTheIdentityChangesBreaksTheChainOnceAndNotTwice() throws Exception {
        run(SETTINGS, 3);
        Files.delete(directory.resolve("audit.key"));
        change(IDENTITY, NEXT, 3);
        change(NEXT, NEXT, 3);
        for (IdentityKey known : List.of(IDENTITY, NEXT)) {
            assertThat(verify(known).broken()).extracting(Finding::kind).containsExactly(Kind.KEY_LOST);
        }
    }

    @Test
    void anIdentityThatNobodyHandedOverToCannotGoOn() throws Exception {
        run(SETTINGS, 3);
        change(NEXT, NEXT, 3);
        assertThat(Files.readString(file())).contains("LOG_CHAIN_BROKEN", "\"reason\":\"RENEWED\"");
        for (IdentityKey known : List.of(IDENTITY, NEXT)) {
            assertThat(verify(known).broken().getFirst().kind()).isEqualTo(Kind.SPLICED);
        }
    }

    private static int lastLineEnd(byte[] log, int before) {
        int at = before - 1;
        while (at >= 0 && log[at] != '\n') {
            at--;
        }
        return at;
    }

    private void change(IdentityKey before, IdentityKey identity, int events) throws IOException {
        try (var log = open(SETTINGS)) {
            log.seal(identity, Optional.of(before), directory.resolve("audit.key"));
            for (int i = 0; i < events; i++) {
                log.record(new NodeEvent.NodeStopping("event " + i));
            }
        }
    }

    private void assertBrokenAfterARun(String problem) throws Exception {
        run(SETTINGS, 3);
        assertThat(verify().broken()).extracting(Finding::kind).containsExactly(Kind.KEY_LOST);
        assertThat(Files.readString(file()))
                .contains("\"event\":\"LOG_CHAIN_BROKEN\"", problem, "\"reason\":\"RENEWED\"");
        try (var log = open(SETTINGS)) {
            assertThat(log.warnings()).isEmpty();
        }
    }

    private void run(NetLog.Settings settings, int events) throws IOException {
        try (var log = open(settings)) {
            log.seal(IDENTITY, directory.resolve("audit.key"));
            for (int i = 0; i < events; i++) {
                log.record(new NodeEvent.NodeStopping("event " + i));
            }
        }
    }

    private NetLog open(NetLog.Settings settings) throws IOException {
        return NetLog.open(file(), settings, Clock.systemUTC());
    }

    private Path file() {
        return directory.resolve("net.log");
    }

    private Report verify() throws IOException {
        return verify(IDENTITY);
    }

    private Report verify(IdentityKey known) throws IOException {
        try (var files = Files.list(directory)) {
            List<LogFile> log = files.filter(
                            each -> each.getFileName().toString().startsWith("net.log"))
                    .map(LogFile::of)
                    .toList();
            return LogVerifier.of(known.peerId().toString(), List.of(), false).verify(log);
        }
    }
}
