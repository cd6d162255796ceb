package dev.parley.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts two nodes and measures what goes from one's admin socket into the other's store; beside it, SQLite alone. */
@Command(
        name = "durable",
        description = "starts two nodes and measures durable, acknowledged messages between them, in both suites",
        mixinStandardHelpOptions = true)
final class Durable extends Between {

    private static final int BATCH = 512;
    private static final int MANY = 64;
    private static final long SETTLED_WITHIN_MILLIS = 120_000;
    private static final Pattern WAITING = Pattern.compile("\"waiting\":\\{\"messages\":(\\d+)");

    @Option(names = "--size", defaultValue = "256", description = "bytes of content (${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "how long each measurement takes (${DEFAULT-VALUE})")
    int seconds;

    /** @param count messages, @param seconds that they took, @param micros each of them, sorted; empty where not measured */
    private record Figures(long count, double seconds, long[] micros) {
        double rate() {
            return count / seconds;
        }
    }

    private interface Turn {
        void run(Admin admin) throws IOException;
    }

    @Override
    public Integer call() throws Exception {
        row("", "messages/s", "p50 ms", "p99 ms");
        for (String suite : suites) {
            alone();
            withNodes(suite, Map.of(), this::measure);
            alone();
        }
        return 0;
    }

    private void alone() throws IOException {
        row("SQLite alone, batches of " + BATCH, SqliteAlone.rate(directory, BATCH, size, Math.min(seconds, 5)));
    }

    private void measure(String suite, LocalNode alice, String connect) throws Exception {
        try (Admin admin = alice.admin()) {
            String message = "{\"to\":\"bob\",\"text\":\"%s\"}".formatted("x".repeat(size));
            Turn delivered = each -> each.post("/v1/messages?wait=delivered&timeout=PT1M", message)
                    .expect(200);
            Turn taken = each -> each.post("/v1/messages", message).expect(202);

            sendFor(alice, MANY, seconds, delivered);
            row(suite + ", 1 sender, each waits for delivery", sendFor(alice, 1, seconds, delivered));
            row(suite + ", " + MANY + " senders, each waits for delivery", sendFor(alice, MANY, seconds, delivered));
            long start = System.nanoTime();
            Figures posted = sendFor(alice, MANY, seconds, taken);
            awaitSettled(admin);
            row(
                    suite + ", " + MANY + " senders, nobody waits, until all are delivered",
                    new Figures(posted.count, (System.nanoTime() - start) / 1e9, new long[0]));

            admin.delete("/v1/connections/bob").expect(204);
            Figures backlog = sendFor(alice, MANY, seconds, taken);
            admin.post("/v1/connections", connect).expect(200);
            long up = System.nanoTime();
            awaitSettled(admin);
            row(
                    suite + ", what had waited for an absent peer",
                    new Figures(backlog.count, (System.nanoTime() - up) / 1e9, new long[0]));
        }
    }

    private static Figures sendFor(LocalNode node, int senders, int seconds, Turn turn) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(senders)) {
            List<Future<List<Long>>> all = new ArrayList<>();
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            for (int i = 0; i < senders; i++) {
                all.add(pool.submit(() -> {
                    List<Long> micros = new ArrayList<>();
                    try (Admin admin = node.admin()) {
                        for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
                            turn.run(admin);
                            micros.add((System.nanoTime() - begun) / 1_000);
                        }
                    }
                    return micros;
                }));
            }
            List<Long> micros = new ArrayList<>();
            for (Future<List<Long>> each : all) {
                micros.addAll(each.get());
            }
            long[] sorted = micros.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Figures(sorted.length, (System.nanoTime() - start) / 1e9, sorted);
        }
    }

    private static void awaitSettled(Admin admin) throws IOException, InterruptedException {
        long deadline = System.currentTimeMillis() + SETTLED_WITHIN_MILLIS;
        while (!admin.get("/v1/store").expect(200).find(WAITING).equals("0")) {
            if (System.currentTimeMillis() > deadline) {
                throw new IOException("messages still wait to be delivered");
            }
            Thread.sleep(10);
        }
    }

    private void row(String what, double rate) {
        row(what, String.format(Locale.ROOT, "%,.0f", rate), "", "");
    }

    private void row(String what, Figures figures) {
        long[] micros = figures.micros;
        row(
                what,
                String.format(Locale.ROOT, "%,.0f", figures.rate()),
                micros.length == 0 ? "" : String.format(Locale.ROOT, "%.1f", micros[micros.length / 2] / 1e3),
                micros.length == 0 ? "" : String.format(Locale.ROOT, "%.1f", micros[micros.length * 99 / 100] / 1e3));
    }

    private void row(String what, String rate, String median, String most) {
        spec.commandLine().getOut().printf(Locale.ROOT, "%-62s %11s %8s %8s%n", what, rate, median, most);
        spec.commandLine().getOut().flush();
    }
}
