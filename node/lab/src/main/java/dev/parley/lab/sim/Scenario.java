package dev.parley.lab.sim;

import dev.parley.protocol.ChannelSettings.Timing;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a seed stands for: who there is, how the network is, what goes wrong when, who sends what.
 *
 * @param storm how long things go wrong, in microseconds; after it the network is whole and all nodes run
 * @param ranks the nodes' ranks in the order of peer ids
 * @param wishes who keeps a connection to whom
 */
record Scenario(
        int nodes,
        long storm,
        List<Integer> ranks,
        List<NodeTraits> traits,
        List<LinkTraits> links,
        List<Wish> wishes,
        List<Letter> letters,
        List<Fault> faults,
        NetTraits net) {
    /**
     * How a node is.
     *
     * @param rate how many of its seconds pass in one
     * @param offset what its clock says at the start, milliseconds
     * @param maxAge after this its own sessions are dialed anew, milliseconds
     */
    record NodeTraits(
            double rate,
            long offset,
            List<Suite> suites,
            RatchetPolicy rekeying,
            Timing timing,
            int window,
            long maxQueued,
            long workMost,
            long diskMost,
            long maxAge) {}

    /** A way between two nodes, delays in microseconds. */
    record LinkTraits(int from, int to, long delay, long jitter) {}

    /** How TCP cuts and buffers: bytes. @param segmentMost longest piece */
    record NetTraits(int segmentMost, int buffer, int writeBudget) {}

    /** {@code from} dials {@code to} and keeps it connected. */
    record Wish(int from, int to) {}

    /** A message of {@code size} bytes, taken at {@code at}. */
    record Letter(long at, int from, int to, int size) {}

    /** What can go wrong. */
    enum Kind {
        /** Nothing passes, in both directions. */
        CUT,
        /** Nothing passes in one direction. */
        STALL,
        /** All connections of a link are reset. */
        RESET,
        /** One direction of a connection ends, as a middlebox does it. */
        HALF_CLOSE,
        /** A node's process dies: its system resets its connections. */
        CRASH,
        /** A node's machine dies: nobody is told. */
        POWER,
        /** A node is cut off from all. */
        PARTITION,
        /** A node reads little at a time. */
        SLOW,
        /** A node refuses work for strangers. */
        BUSY,
        /** A node has no room but for small messages. */
        FULL,
        /** An operator closes a session. */
        DISCONNECT,
        /** Somebody on the path changes bytes. */
        ATTACK,
        /** Somebody answers in place of another node. */
        MISROUTE,
        /** Somebody without a trusted key connects. */
        STRANGER
    }

    /** @param node the node it is about, or one of a link's two: {@code other} is the second */
    record Fault(Kind kind, long at, long length, int node, int other, int strength) {}

    private static final long SECOND = Clockwork.SECOND;
    private static final long MILLI = Clockwork.MILLI;

    static Scenario draw(SplittableRandom random) {
        int nodes = count(random);
        long storm = (10 + random.nextLong(random.nextInt(6) == 0 ? 400 : 60)) * SECOND;
        List<Integer> ranks = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            ranks.add(random.nextInt(ranks.size() + 1), i);
        }
        List<NodeTraits> traits = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            traits.add(node(random));
        }
        List<LinkTraits> links = new ArrayList<>();
        List<Wish> wishes = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            for (int j = i + 1; j < nodes; j++) {
                links.add(new LinkTraits(
                        i,
                        j,
                        upTo(random, 150 * MILLI),
                        random.nextInt(3) == 0 ? upTo(random, 400 * MILLI) : upTo(random, 5 * MILLI)));
                // Neighbours in a ring always, the rest now and then: a full mesh of five costs twenty handshakes.
                if (j == i + 1 || nodes < 4 || random.nextInt(4) == 0) {
                    int who = random.nextInt(4);
                    if (who != 1) {
                        wishes.add(new Wish(i, j));
                    }
                    if (who != 0) {
                        wishes.add(new Wish(j, i));
                    }
                }
            }
        }
        List<Letter> letters = new ArrayList<>();
        int most = 4 + random.nextInt(10) * nodes;
        for (int i = 0; i < most; i++) {
            Wish along = wishes.get(random.nextInt(wishes.size()));
            boolean back = random.nextBoolean();
            // In bursts, so that a window fills.
            long at = random.nextInt(3) == 0 || letters.isEmpty()
                    ? random.nextLong(storm)
                    : letters.getLast().at() + random.nextLong(50 * MILLI);
            int size = random.nextInt(8) == 0 ? random.nextInt(12_000) : random.nextInt(300);
            letters.add(new Letter(at, back ? along.to() : along.from(), back ? along.from() : along.to(), size));
        }
        List<Fault> faults = new ArrayList<>();
        int many = random.nextInt(2 + 2 * nodes);
        for (int i = 0; i < many; i++) {
            faults.add(fault(random, nodes, storm, letters));
        }
        int[] segments = {1 << 20, 1 << 20, 1_460, 1_460, 300, 40};
        NetTraits net = new NetTraits(
                segments[random.nextInt(segments.length)],
                1 << 10 + random.nextInt(9),
                random.nextInt(3) == 0 ? 1 : 1 << 9 + random.nextInt(8));
        return new Scenario(nodes, storm, ranks, traits, links, wishes, letters, faults, net);
    }

    private static int count(SplittableRandom random) {
        int dice = random.nextInt(100);
        return dice < 84 ? 2 : dice < 95 ? 3 : dice < 98 ? 4 : Keys.NODES;
    }

    private static NodeTraits node(SplittableRandom random) {
        double rate = random.nextInt(5) == 0 ? 0.8 + random.nextDouble(0.4) : 0.9995 + random.nextDouble(0.001);
        long offset = random.nextLong(-1L << 40, 1L << 40);
        List<Suite> suites = switch (random.nextInt(4)) {
            case 0 -> List.of(Suite.A256CBC_HS512, Suite.A256GCM);
            case 1 -> List.of(Suite.A256GCM, Suite.A256CBC_HS512);
            default -> List.of(Suite.A256GCM);
        };
        // The random addition of the responder is left out: it would come from the cryptography's randomness.
        long age = random.nextInt(4) == 0 ? 500 + random.nextInt(5_000) : 40_000 + random.nextInt(120_000);
        int records = random.nextInt(5) == 0 ? 3 + random.nextInt(17) : 30 + random.nextInt(170);
        RatchetPolicy rekeying = new RatchetPolicy(1L << 30, records, age, 0, 30_000, 1L << 32, 1L << 26);
        long[] work = {2 * MILLI, 20 * MILLI, 20 * MILLI, 1_500 * MILLI};
        long[] disk = {1 * MILLI, 10 * MILLI, 200 * MILLI, 2_000 * MILLI};
        return new NodeTraits(
                rate,
                offset,
                suites,
                rekeying,
                Timing.DEFAULTS,
                1 + random.nextInt(12),
                1L << 14 + random.nextInt(3),
                work[random.nextInt(work.length)],
                disk[random.nextInt(disk.length)],
                random.nextInt(6) == 0 ? 20_000 + random.nextInt(100_000) : 24 * 3_600_000);
    }

    private static Fault fault(SplittableRandom random, int nodes, long storm, List<Letter> letters) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        int node = random.nextInt(nodes);
        int other = (node + 1 + random.nextInt(nodes - 1)) % nodes;
        // Half of them where it hurts: while a message is on its way.
        long at = random.nextBoolean()
                ? random.nextLong(storm)
                : Math.min(
                        storm - 1,
                        letters.get(random.nextInt(letters.size())).at() + random.nextLong(Clockwork.SECOND));
        long length = Math.min(storm - at, upTo(random, random.nextBoolean() ? 5 * SECOND : 150 * SECOND));
        return new Fault(kind, at, length, node, other, random.nextInt(1 << 16));
    }

    /** Small values as often as great ones. */
    private static long upTo(SplittableRandom random, long most) {
        return 1 + (long) Math.pow(most, random.nextDouble());
    }
}
