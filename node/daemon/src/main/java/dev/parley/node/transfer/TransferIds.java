package dev.parley.node.transfer;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids of transfers: UUIDv7 (RFC 9562 section 5.7), all but the time random. */
final class TransferIds {
    private static final int TIME_SHIFT = 16;
    private static final long VERSION_7 = 0x7000L;
    private static final long RANDOM_A = 0x0fffL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_B = 0x3fff_ffff_ffff_ffffL;

    private TransferIds() {}

    /** @param unixMillis the wall clock, milliseconds since 1970 UTC */
    static UUID next(long unixMillis, RandomGenerator random) {
        long most = unixMillis << TIME_SHIFT | VERSION_7 | random.nextLong() & RANDOM_A;
        return new UUID(most, VARIANT | random.nextLong() & RANDOM_B);
    }
}
