package dev.parley.node.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something bad that happens to one of several nodes, or to the wires between it and another.
 *
 * @param atMillis after the beginning
 * @param node whom it happens to, from 0
 * @param other the node at the other end of the wires, never {@code node}
 * @param millis how long it takes
 */
record Mishap(long atMillis, Kind kind, int node, int other, long millis) {

    enum Kind {
        /** SIGKILL, and a new process after a while. */
        KILL,
        /** SIGTERM, and a new process after a while. */
        RESTART,
        /** SIGSTOP, and SIGCONT after 3 s. */
        FREEZE,
        /** The wires break at both ends. */
        CUT,
        /** The wires are silent for 2 s, then go on where they were. */
        PARTITION,
        /** The wires break at one end alone. */
        TEAR
    }

    private static final int LEAST_BETWEEN = 5_000;
    private static final int MOST_BETWEEN = 15_000;
    private static final int LEAST_DOWN = 500;
    private static final int MOST_DOWN = 3_000;
    private static final int FROZEN = 3_000;
    private static final int SILENT = 2_000;

    /** What happens to so many nodes in so many milliseconds: always the same for one seed. */
    static List<Mishap> schedule(long seed, int nodes, long millis) {
        var random = new Random(seed);
        List<Mishap> all = new ArrayList<>();
        long at = random.nextInt(LEAST_BETWEEN, MOST_BETWEEN + 1);
        while (at < millis) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            int node = random.nextInt(nodes);
            int other = (node + 1 + random.nextInt(nodes - 1)) % nodes;
            int down = random.nextInt(LEAST_DOWN, MOST_DOWN + 1);
            all.add(new Mishap(
                    at,
                    kind,
                    node,
                    other,
                    switch (kind) {
                        case KILL, RESTART -> down;
                        case FREEZE -> FROZEN;
                        case PARTITION -> SILENT;
                        case CUT, TEAR -> 0;
                    }));
            at += random.nextInt(LEAST_BETWEEN, MOST_BETWEEN + 1);
        }
        return all;
    }
}
