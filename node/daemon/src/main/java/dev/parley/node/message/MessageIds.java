package dev.parley.node.message;

import java.util.Comparator;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Ids of messages: UUIDv7 (RFC 9562 section 5.7), strictly increasing within this node even when the wall clock stands or goes
 * back, because a peer's outbox is sent in the order of ids. Thread-safe.
 */
final class MessageIds {

    /** As unsigned 128-bit numbers; {@link UUID#compareTo} is signed. */
    static final Comparator<UUID> ORDER = (a, b) -> {
        int most = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return most != 0 ? most : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };

    private static final long RANDOM_A_BITS = 12;
    private static final long MILLIS_MASK = 0xffff_ffff_ffffL;

    private final RandomGenerator random;
    /** 48 bits of milliseconds, then a 12-bit counter: what the ids are ordered by. */
    private long last;

    MessageIds(RandomGenerator random) {
        this.random = random;
    }

    /** @param unixMillis the wall clock, milliseconds since 1970 UTC */
    synchronized UUID next(long unixMillis) {
        // The counter starts in the lower half so that a burst within one millisecond rarely runs into the next one's
        // time.
        long fresh = (unixMillis & MILLIS_MASK) << RANDOM_A_BITS | random.nextInt(1 << RANDOM_A_BITS - 1);
        last = Math.max(fresh, last + 1);
        long most = (last >>> RANDOM_A_BITS) << 16 | 0x7000L | last & 0xfffL;
        long least = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }
}
