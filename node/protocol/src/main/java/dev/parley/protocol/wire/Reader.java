package dev.parley.protocol.wire;

import java.util.Arrays;
import java.util.UUID;

/** Reads big-endian fields strictly: a field past the end, or bytes left over at {@link #end}, are malformed. */
public final class Reader {
    private final byte[] bytes;
    private final int limit;
    private int at;

    /** Reads all of {@code bytes}, which must not change meanwhile. */
    public Reader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads {@code length} bytes from {@code offset} on. */
    public Reader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.limit = offset + length;
    }

    /** Returns the number of bytes not yet read. */
    public int remaining() {
        return limit - at;
    }

    /** Reads a u8. */
    public int u8() throws MalformedException {
        return bytes[advance(1)] & 0xff;
    }

    /** Reads a u16. */
    public int u16() throws MalformedException {
        return u8() << 8 | u8();
    }

    /** Reads a u32 into an unsigned int. */
    public int u32() throws MalformedException {
        return u16() << 16 | u16();
    }

    /** Reads a u64 into an unsigned long. */
    public long u64() throws MalformedException {
        return (u32() & 0xffff_ffffL) << 32 | u32() & 0xffff_ffffL;
    }

    /** Reads the 16 bytes of a UUID of any version. */
    public UUID uuid() throws MalformedException {
        return new UUID(u64(), u64());
    }

    /** Reads a copy of the next {@code length} bytes. */
    public byte[] bytes(int length) throws MalformedException {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Reads a copy of all that is left. */
    public byte[] rest() throws MalformedException {
        return bytes(remaining());
    }

    /** Checks that nothing is left over. */
    public void end() throws MalformedException {
        if (at != limit) {
            throw new MalformedException("bytes left over");
        }
    }

    private int advance(int length) throws MalformedException {
        if (length > limit - at) {
            throw new MalformedException("field past the end");
        }
        int from = at;
        at += length;
        return from;
    }
}
