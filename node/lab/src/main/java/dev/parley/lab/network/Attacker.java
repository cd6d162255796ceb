package dev.parley.lab.network;

import dev.parley.lab.network.Network.AttackerSpec;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Somebody on a link. Thread-safe. */
sealed interface Attacker extends LinkRelay.Tap {
    /** Makes what a file asks for; nobody for null. */
    static Attacker of(AttackerSpec spec, long seed) {
        return switch (spec) {
            case null -> new Nobody();
            case AttackerSpec(var kind, var every, var rate) ->
                switch (kind) {
                    case EAVESDROPPER -> new Eavesdropper();
                    case FLIPPER -> new Flipper(every.toNanos(), new Random(seed));
                    case FLOODER -> new Flooder(rate, new Random(seed));
                };
        };
    }

    /** The network's time begins. @param target the node behind the link */
    default void begin(InetSocketAddress target) {}

    /** It goes away. */
    default void stop() {}

    /** What it did and saw, for the account. @param secrets what it would like to have read: texts, names */
    Map<String, Object> account(List<String> secrets);

    /** There is none. */
    record Nobody() implements Attacker {
        @Override
        public byte[] pass(int connection, Direction direction, byte[] bytes) {
            return bytes;
        }

        @Override
        public Map<String, Object> account(List<String> secrets) {
            return Map.of();
        }
    }

    /** Keeps a copy of everything. */
    final class Eavesdropper implements Attacker {
        /** What it keeps of one connection and direction; more says nothing new. */
        private static final int MOST = 16 << 20;

        private final Map<String, ByteArrayOutputStream> tapes = new LinkedHashMap<>();

        @Override
        public synchronized byte[] pass(int connection, Direction direction, byte[] bytes) {
            var tape = tapes.computeIfAbsent(connection + " " + direction, ignored -> new ByteArrayOutputStream());
            if (tape.size() < MOST) {
                tape.writeBytes(bytes);
            }
            return bytes;
        }

        @Override
        public synchronized Map<String, Object> account(List<String> secrets) {
            long bytes = 0;
            long read = 0;
            int records = 0;
            int handshakes = 0;
            long[] counts = new long[256];
            for (ByteArrayOutputStream tape : tapes.values()) {
                byte[] all = tape.toByteArray();
                bytes += all.length;
                // Every byte stands for one character there, so that bytes can be looked for as text.
                String text = new String(all, StandardCharsets.ISO_8859_1);
                read += secrets.stream()
                        .filter(each -> text.contains(
                                new String(each.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                        .count();
                for (byte[] body : bodies(all)) {
                    records++;
                    for (byte b : body) {
                        counts[b & 0xff]++;
                    }
                }
                handshakes += all.length > 0 && all[0] == Frame.HELLO ? 1 : 0;
            }
            Map<String, Object> account = new LinkedHashMap<>();
            account.put("kind", "eavesdropper");
            account.put("bytes", bytes);
            account.put("handshakes", (long) handshakes);
            account.put("records", (long) records);
            account.put("entropy", Math.round(entropy(counts) * 1_000) / 1_000.0);
            account.put("secretsRead", read);
            return account;
        }

        /** The bodies of records: all that an eavesdropper has of messages. */
        private static List<byte[]> bodies(byte[] all) {
            List<byte[]> bodies = new ArrayList<>();
            int at = 0;
            while (at + Frame.HEADER <= all.length) {
                int length = (all[at + 1] & 0xff) << 16 | (all[at + 2] & 0xff) << 8 | all[at + 3] & 0xff;
                if (at + Frame.HEADER + length > all.length) {
                    break;
                }
                if (all[at] == Frame.RECORD) {
                    bodies.add(java.util.Arrays.copyOfRange(all, at + Frame.HEADER, at + Frame.HEADER + length));
                }
                at += Frame.HEADER + length;
            }
            return bodies;
        }

        /** Bits of information a byte, by how often each value comes: 8 for noise. */
        private static double entropy(long[] counts) {
            double total = 0;
            for (long count : counts) {
                total += count;
            }
            double bits = 0;
            for (long count : counts) {
                bits -= count == 0 ? 0 : count / total * Math.log(count / total) / Math.log(2);
            }
            return bits;
        }
    }

    /** Flips one bit of what passes next, every so often. */
    final class Flipper implements Attacker {
        private final long every;
        private final Random random;
        private final AtomicLong flips = new AtomicLong();
        private long next = Long.MAX_VALUE;

        Flipper(long every, Random random) {
            this.every = every;
            this.random = random;
        }

        @Override
        public synchronized void begin(InetSocketAddress target) {
            next = System.nanoTime() + every;
        }

        @Override
        public synchronized void stop() {
            next = Long.MAX_VALUE;
        }

        @Override
        public synchronized byte[] pass(int connection, Direction direction, byte[] bytes) {
            long now = System.nanoTime();
            if (next == Long.MAX_VALUE || now < next || bytes.length == 0) {
                return bytes;
            }
            next = now + every;
            flips.incrementAndGet();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            return bytes;
        }

        @Override
        public Map<String, Object> account(List<String> secrets) {
            Map<String, Object> account = new LinkedHashMap<>();
            account.put("kind", "flipper");
            account.put("flips", flips.get());
            return account;
        }
    }

    /** Opens connections to the node and says nonsense, or nothing. */
    final class Flooder implements Attacker {
        private static final int CONNECT_MILLIS = 2_000;
        private static final int WAIT_MILLIS = 3_000;

        private final int rate;
        private final Random random;
        private final AtomicLong opened = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicBoolean on = new AtomicBoolean();

        Flooder(int rate, Random random) {
            this.rate = rate;
            this.random = random;
        }

        @Override
        public byte[] pass(int connection, Direction direction, byte[] bytes) {
            return bytes;
        }

        @Override
        public void begin(InetSocketAddress target) {
            on.set(true);
            Thread.ofVirtual().name("flooder").start(() -> flood(target));
        }

        @Override
        public void stop() {
            on.set(false);
        }

        private void flood(InetSocketAddress target) {
            long begun = System.nanoTime();
            for (long i = 0; on.get(); i++) {
                long wait = begun + i * 1_000_000_000L / rate - System.nanoTime();
                try {
                    if (wait > 0) {
                        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                    }
                } catch (InterruptedException e) {
                    return;
                }
                byte[] nonsense = new byte[random.nextInt(2_000)];
                random.nextBytes(nonsense);
                Thread.ofVirtual().start(() -> once(target, nonsense));
            }
        }

        private void once(InetSocketAddress target, byte[] nonsense) {
            try (Socket socket = new Socket()) {
                socket.connect(target, CONNECT_MILLIS);
                opened.incrementAndGet();
                socket.setSoTimeout(WAIT_MILLIS);
                socket.getOutputStream().write(nonsense);
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                failed.incrementAndGet();
            }
        }

        @Override
        public Map<String, Object> account(List<String> secrets) {
            Map<String, Object> account = new LinkedHashMap<>();
            account.put("kind", "flooder");
            account.put("connections", opened.get());
            account.put("cutOff", failed.get());
            return account;
        }
    }
}
