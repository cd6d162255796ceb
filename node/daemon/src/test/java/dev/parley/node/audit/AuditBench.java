package dev.parley.node.audit;

import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the audit log alone, with and without seals: lines a second, and how long a caller is held up at 20,000 events a second.
 * node/bench/README.md tells how to run it. Argument: a directory on the disk that counts.
 */
final class AuditBench {
    private static final int SECONDS = 5;
    private static final int CALLERS = 2;
    private static final int PER_SECOND = 20_000;
    private static final int BURSTS = 1_000;
    private static final int CIPHERTEXT = 330;
    private static final int ROUNDS = 2;

    private AuditBench() {}

    public static void main(String... arguments) throws Exception {
        var root = Files.createTempDirectory(Path.of(arguments[0]), "audit-bench-");
        var identity = IdentityKey.generate(3_072, new SecureRandom());
        try {
            System.out.printf("warm-up: %,.0f lines/s%n", throughput(root, identity));
            for (int round = 0; round < ROUNDS; round++) {
                System.out.printf(Locale.ROOT, "without seals: %,.0f lines/s%n", throughput(root, null));
                System.out.printf(Locale.ROOT, "with seals:    %,.0f lines/s%n", throughput(root, identity));
            }
            report("without seals", latency(root, null));
            report("with seals", latency(root, identity));
        } finally {
            delete(root);
        }
    }

    private static void report(String what, long[] nanos) {
        System.out.printf(
                Locale.ROOT,
                "record() at %,d events/s, %s: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, longest %.2f ms (%,d calls)%n",
                PER_SECOND,
                what,
                nanos[nanos.length / 2] / 1e3,
                nanos[(int) (nanos.length * 0.99)] / 1e3,
                nanos[(int) (nanos.length * 0.999)] / 1e3,
                nanos[nanos.length - 1] / 1e6,
                nanos.length);
    }

    /** Callers that wait only where they are made to. */
    private static double throughput(Path root, IdentityKey identity) throws Exception {
        try (var log = open(root, identity)) {
            long start = System.nanoTime();
            long end = start + SECONDS * 1_000_000_000L;
            long[] counts = new long[CALLERS];
            var last = new CompletableFuture<?>[CALLERS];
            callers(caller -> {
                while (System.nanoTime() < end) {
                    last[caller] = log.record(event()).toCompletableFuture();
                    counts[caller]++;
                }
            });
            CompletableFuture.allOf(last).join();
            return Arrays.stream(counts).sum() / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** Callers that come at a rate, some at once each millisecond. */
    private static long[] latency(Path root, IdentityKey identity) throws Exception {
        int atOnce = PER_SECOND / BURSTS / CALLERS;
        long[][] nanos = new long[CALLERS][SECONDS * 2 * BURSTS * atOnce];
        try (var log = open(root, identity)) {
            long start = System.nanoTime();
            callers(caller -> {
                for (int burst = 0; burst < SECONDS * 2 * BURSTS; burst++) {
                    long due = start + burst * (1_000_000_000L / BURSTS);
                    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                        LockSupport.parkNanos(wait);
                    }
                    for (int i = 0; i < atOnce; i++) {
                        var event = event();
                        long before = System.nanoTime();
                        log.record(event);
                        nanos[caller][burst * atOnce + i] = System.nanoTime() - before;
                    }
                }
            });
        }
        return Arrays.stream(nanos).flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private interface Caller {
        void run(int number);
    }

    private static void callers(Caller caller) throws InterruptedException {
        var threads = new Thread[CALLERS];
        for (int i = 0; i < CALLERS; i++) {
            int number = i;
            threads[i] = Thread.ofPlatform().start(() -> caller.run(number));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** What a message of 256 bytes leaves. */
    private static MessageEvent event() {
        return new MessageEvent.MessageReceived(
                new UUID(1, 2),
                "mi5ickiixy56334aiembfgiyx4ojc7nh5sepi3wxo63aitrxurgq",
                new UUID(3, 4),
                1,
                42,
                "direct",
                256,
                new byte[CIPHERTEXT]);
    }

    private static NetLog open(Path root, IdentityKey identity) throws IOException {
        var directory = Files.createTempDirectory(root, "log");
        var settings = new NetLog.Settings(64 << 20, 1, 8_192, 64 << 20);
        var log = NetLog.open(directory.resolve("net.log"), settings, Clock.systemUTC());
        if (identity != null) {
            log.seal(identity, directory.resolve("audit.key"))
                    .toCompletableFuture()
                    .join();
        }
        return log;
    }

    private static void delete(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
