package dev.parley.lab.sim;

import dev.parley.protocol.crypto.IdentityKey;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Throwaway identity keys of 2048 bits, made once in a process: making them costs more than a whole run. Which node decides between
 * two sessions depends on the order of their ids, so they are sorted: the keys differ from process to process, their order does not.
 */
final class Keys {
    /** The most nodes of a run. */
    static final int NODES = 5;

    private static final int BITS = 2_048;

    private Keys() {}

    /** Returns the nodes' keys, lowest peer id first. */
    static List<IdentityKey> nodes() {
        return Pool.NODES;
    }

    /** Returns a key that no node trusts. */
    static IdentityKey stranger() {
        return Pool.STRANGER;
    }

    /** Made when first asked for. */
    private static final class Pool {
        private static final List<IdentityKey> ALL = IntStream.range(0, Keys.NODES + 1)
                .mapToObj(ignored -> IdentityKey.generate(BITS, new SecureRandom()))
                .toList();
        static final List<IdentityKey> NODES = ALL.subList(0, Keys.NODES).stream()
                .sorted(Comparator.comparing(IdentityKey::peerId))
                .toList();
        static final IdentityKey STRANGER = ALL.getLast();
    }
}
