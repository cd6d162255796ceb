package dev.parley.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts two nodes and measures a file from one to the other, and messages beside it; and the same bytes over plain TCP. */
@Command(
        name = "files",
        description = "starts two nodes and measures a file between them, in both suites, beside plain TCP",
        mixinStandardHelpOptions = true)
final class FileTransfers extends Between {
    private static final int MEGA = 1_000_000;
    private static final long COMPLETE_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int WITHOUT_SECONDS = 5;
    /** Between messages: they are to find a transfer, not to be the load. */
    private static final int PAUSE_MILLIS = 20;

    private static final int POLL_MILLIS = 10;
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern STATE = Pattern.compile("\"state\":\"([A-Z]+)\"");
    private static final String MESSAGE = "{\"to\":\"bob\",\"text\":\"do you hear me?\"}";

    @Option(names = "--megabytes", defaultValue = "500", description = "length of the file (${DEFAULT-VALUE})")
    int megabytes;

    @Override
    public Integer call() throws Exception {
        Path file = Files.createTempFile(directory, "file", ".bin");
        try {
            fill(file, bytes());
            row("", "MB/s", "message p50 ms", "p99 ms");
            plain(file);
            for (String suite : suites) {
                withNodes(
                        suite,
                        Map.of("parley.files.accept", "trusted"),
                        (name, alice, connect) -> measure(name, alice, file));
                plain(file);
            }
            return 0;
        } finally {
            Files.delete(file);
        }
    }

    private void plain(Path file) throws Exception {
        row("plain TCP, thrown away", rate(bytes(), PlainTcp.nanos(file, null)), "", "");
        Path copy = Files.createTempFile(directory, "copy", ".bin");
        try {
            row("plain TCP, into a file, fsync at the end", rate(bytes(), PlainTcp.nanos(file, copy)), "", "");
        } finally {
            Files.delete(copy);
        }
    }

    private void measure(String suite, LocalNode alice, Path file) throws Exception {
        try (Admin admin = alice.admin()) {
            // What is compiled by then is what a node that has run for a while has compiled.
            awaitComplete(admin, handOver(admin, file));
            messages(suite + ", nothing but messages", alice, () -> {
                new CountDownLatch(1).await(WITHOUT_SECONDS, TimeUnit.SECONDS);
                return "";
            });
            long start = System.nanoTime();
            String id = handOver(admin, file);
            long taken = System.nanoTime();
            row(suite + ", hand-over", rate(bytes(), taken - start), "", "");
            messages(suite + ", from there to complete", alice, () -> {
                awaitComplete(admin, id);
                return rate(bytes(), System.nanoTime() - taken);
            });
        }
    }

    private interface Meanwhile {
        /** @return what to say of it */
        String run() throws Exception;
    }

    /** Sends a message after the other, each waits for delivery, as long as something else lasts. */
    private void messages(String what, LocalNode node, Meanwhile meanwhile) throws Exception {
        var over = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<long[]> micros = thread.submit(() -> sendUntil(over, node));
            String said;
            try {
                said = meanwhile.run();
            } finally {
                over.countDown();
            }
            long[] sorted = micros.get();
            row(what, said, millis(sorted[sorted.length / 2]), millis(sorted[sorted.length * 99 / 100]));
        }
    }

    private static long[] sendUntil(CountDownLatch over, LocalNode node) throws IOException, InterruptedException {
        List<Long> micros = new ArrayList<>();
        try (Admin admin = node.admin()) {
            do {
                long begun = System.nanoTime();
                admin.post("/v1/messages?wait=delivered&timeout=PT1M", MESSAGE).expect(200);
                micros.add((System.nanoTime() - begun) / 1_000);
            } while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }
        long[] sorted = micros.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static String handOver(Admin admin, Path file) throws IOException {
        return admin.upload("/v1/files?peer=bob&name=bench.bin", file)
                .expect(201)
                .find(ID);
    }

    private static void awaitComplete(Admin admin, String id) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + COMPLETE_WITHIN_NANOS;
        String state = "";
        while (!state.equals("COMPLETE")) {
            Thread.sleep(POLL_MILLIS);
            state = admin.get("/v1/files/" + id).expect(200).find(STATE);
            if (state.equals("FAILED") || System.nanoTime() - deadline > 0) {
                throw new IOException("the file has not arrived: it is " + state);
            }
        }
    }

    /** Random bytes, the same in each megabyte but for a few: nothing here compresses, and they are quickly made. */
    private static void fill(Path file, long bytes) throws IOException {
        byte[] block = new byte[MEGA];
        new Random(1).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long at = 0; at < bytes; at += MEGA) {
                ByteBuffer.wrap(block).putLong(at);
                out.write(block);
            }
        }
    }

    private long bytes() {
        return (long) megabytes * MEGA;
    }

    private static String rate(long bytes, long nanos) {
        return String.format(Locale.ROOT, "%,.0f", bytes * 1e3 / nanos);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f", micros / 1e3);
    }

    private void row(String what, String rate, String median, String most) {
        spec.commandLine().getOut().printf(Locale.ROOT, "%-46s %8s %16s %8s%n", what, rate, median, most);
        spec.commandLine().getOut().flush();
    }
}
