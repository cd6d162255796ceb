package dev.parley.lab.foe;

import dev.parley.protocol.wire.Record;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Messages, well-formed. */
public final class Texts {
    private Texts() {}

    /** A UUIDv7 of now. */
    public static UUID id() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
        return new UUID(high, random.nextLong() & ~(0b11L << 62) | 0b10L << 62);
    }

    public static Record.Message direct(String text) {
        return new Record.Message(
                id(),
                System.currentTimeMillis(),
                Record.Scope.DIRECT,
                "",
                "text/plain",
                text.getBytes(StandardCharsets.UTF_8));
    }
}
