package dev.parley.bench;

import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures a node from outside. {@code durable} and {@code files} start their own; the others take one that runs, lets strangers in
 * ({@code parley.trust.mode=first-use}) and has its quotas raised, since every dial comes from one address.
 */
@Command(
        name = "bench",
        description = "measures nodes from outside",
        mixinStandardHelpOptions = true,
        subcommands = {
            Bench.Handshakes.class,
            Bench.Messages.class,
            Bench.Sessions.class,
            Durable.class,
            FileTransfers.class
        })
public final class Bench {

    private static final int KEY_BITS = 3_072;
    private static final long UP_WITHIN_MILLIS = 20_000;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("bench: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    /** Whom to measure, and how. */
    abstract static class Measurement implements Callable<Integer> {
        @Parameters(index = "0", description = "the node's IPv4 address")
        String host;

        @Parameters(index = "1", description = "the node's port")
        int port;

        @Option(names = "--suite", defaultValue = "A256GCM", description = "cipher suite (${DEFAULT-VALUE})")
        String suite;

        @Spec
        CommandSpec spec;

        final Peer dial(ChannelSettings settings) throws IOException {
            return dial(settings, event -> {});
        }

        final Peer dial(ChannelSettings settings, Consumer<ChannelEvent> listener) throws IOException {
            return Peer.dial(new InetSocketAddress(host, port), settings, listener)
                    .awaitUp(UP_WITHIN_MILLIS);
        }

        /** A peer with a key as nodes have it. */
        final ChannelSettings stranger() {
            return settings(IdentityKey.generate(KEY_BITS, new SecureRandom()));
        }

        final ChannelSettings settings(IdentityKey key) {
            return ChannelSettings.defaults(key, Identity.of(key, "bench", "", List.of()), new SecureRandom())
                    .withSuites(List.of(Suite.parse(suite)));
        }

        final void report(String text, Object... values) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf(Locale.ROOT, text + "%n", values);
            out.flush();
        }
    }

    @Command(name = "handshakes", description = "full handshakes a second: dial, session up, close")
    static final class Handshakes extends Measurement {
        @Option(names = "--seconds", defaultValue = "10", description = "how long (${DEFAULT-VALUE})")
        int seconds;

        @Option(names = "--dialers", defaultValue = "2", description = "how many dial at once (${DEFAULT-VALUE})")
        int dialers;

        @Override
        public Integer call() throws Exception {
            try (ExecutorService pool = Executors.newFixedThreadPool(dialers)) {
                List<Future<List<Long>>> all = new ArrayList<>();
                for (int i = 0; i < dialers; i++) {
                    ChannelSettings settings = stranger();
                    dial(settings).close();
                    all.add(pool.submit(() -> dialFor(settings)));
                }
                long[] micros = gather(all);
                report(
                        "%d handshakes in %d s by %d dialers: %.0f a second; time of one: median %.1f ms, 99 %% below %.1f ms",
                        micros.length,
                        seconds,
                        dialers,
                        micros.length / (double) seconds,
                        micros[micros.length / 2] / 1e3,
                        micros[micros.length * 99 / 100] / 1e3);
            }
            return 0;
        }

        private List<Long> dialFor(ChannelSettings settings) throws IOException {
            List<Long> micros = new ArrayList<>();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                Peer peer = dial(settings);
                micros.add((System.nanoTime() - start) / 1_000);
                peer.close();
            }
            return micros;
        }
    }

    @Command(name = "messages", description = "acknowledged messages a second over one session")
    static final class Messages extends Measurement {
        /** PSP/1 section 5: so many may wait for an acknowledgement. */
        private static final int WINDOW = 1_024;

        @Option(names = "--size", defaultValue = "256", description = "bytes of content (${DEFAULT-VALUE})")
        int size;

        @Option(names = "--seconds", defaultValue = "10", description = "how long (${DEFAULT-VALUE})")
        int seconds;

        private long acknowledged;
        private long sent;

        @Override
        public Integer call() throws Exception {
            Peer peer = dial(stranger(), event -> {
                if (event instanceof ChannelEvent.Received received && received.record() instanceof Record.Ack ack) {
                    acknowledged += ack.entries().size();
                }
            });
            byte[] content = new byte[size];
            long random = new SecureRandom().nextLong();
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            while (System.nanoTime() < end && peer.isUp()) {
                while (sent - acknowledged < WINDOW && peer.send(message(content, random))) {
                    sent++;
                }
                peer.turn(sent - acknowledged >= WINDOW ? 1_000 : 0);
            }
            double took = (System.nanoTime() - start) / 1e9;
            if (!peer.isUp()) {
                report("the session ended: %s", peer.ending());
                return 1;
            }
            report(
                    "%d messages of %d bytes acknowledged in %.1f s: %.0f a second, %.1f MB/s of content (%s)",
                    acknowledged, size, took, acknowledged / took, acknowledged * size / took / 1e6, suite);
            peer.close();
            return 0;
        }

        private Record.Message message(byte[] content, long random) {
            long millis = System.currentTimeMillis();
            // UUIDv7: the time, then a counter that tells apart what one millisecond brings, then this run.
            UUID id = new UUID(
                    millis << 16 | 0x7000 | sent & 0xfff,
                    random & 0x3fffffffffff0000L | 1L << 63 | sent >>> 12 & 0xffff);
            return new Record.Message(id, millis, Record.Scope.DIRECT, "", "application/octet-stream", content);
        }
    }

    @Command(name = "sessions", description = "many sessions at once: opens them, holds them, closes them")
    static final class Sessions extends Measurement {
        @Option(names = "--count", defaultValue = "500", description = "how many (${DEFAULT-VALUE})")
        int count;

        @Option(names = "--hold", defaultValue = "5", description = "seconds to hold them (${DEFAULT-VALUE})")
        int hold;

        @Override
        public Integer call() throws Exception {
            List<IdentityKey> keys = ThrowawayKeys.make(count);
            long start = System.nanoTime();
            List<Peer> peers = new ArrayList<>();
            for (IdentityKey key : keys) {
                peers.add(dial(settings(key)));
            }
            report("%d sessions up after %.1f s", count, (System.nanoTime() - start) / 1e9);
            long end = System.nanoTime() + hold * 1_000_000_000L;
            while (System.nanoTime() < end) {
                for (Peer peer : peers) {
                    peer.turn(1);
                }
            }
            long alive = peers.stream().filter(Peer::isUp).count();
            report("%d of %d still up after %d s", alive, count, hold);
            for (Peer peer : peers) {
                peer.close();
            }
            return alive == count ? 0 : 1;
        }
    }

    private static long[] gather(List<Future<List<Long>>> all) throws InterruptedException, ExecutionException {
        List<Long> micros = new ArrayList<>();
        for (Future<List<Long>> each : all) {
            micros.addAll(each.get());
        }
        long[] sorted = micros.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
