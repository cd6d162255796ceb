package dev.parley.protocol.crypto;

import java.util.Arrays;

/**
 * Secret bytes: no equals, nothing in toString, wiped on close. {@link #reveal} is the only way in.
 *
 * <p>Confined to one thread at a time.
 */
public final class Secret implements AutoCloseable {
    private byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: it is wiped on close. */
    public static Secret own(byte[] bytes) {
        return new Secret(bytes);
    }

    /** Returns the bytes themselves, not a copy; throws IllegalStateException once wiped. */
    public byte[] reveal() {
        if (bytes == null) {
            throw new IllegalStateException("secret is wiped");
        }
        return bytes;
    }

    /** Says whether it is wiped. */
    public boolean wiped() {
        return bytes == null;
    }

    /** Overwrites the bytes; a second time does nothing. */
    @Override
    public void close() {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
            bytes = null;
        }
    }

    @Override
    public String toString() {
        return "Secret[*]";
    }
}
