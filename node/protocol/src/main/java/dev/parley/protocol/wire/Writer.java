package dev.parley.protocol.wire;

import java.util.Arrays;
import java.util.UUID;

/** Writes big-endian fields into a buffer that grows. */
public final class Writer {
    private byte[] bytes;
    private int length;

    /** @param capacity the expected size in bytes; more is possible */
    public Writer(int capacity) {
        bytes = new byte[capacity];
    }

    /** Writes the low 8 bits. */
    public Writer u8(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Writes the low 16 bits. */
    public Writer u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    /** Writes the low 24 bits. */
    public Writer u24(int value) {
        return u8(value >>> 16).u16(value);
    }

    /** Writes 32 bits. */
    public Writer u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    /** Writes 64 bits. */
    public Writer u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** Writes the 16 bytes of a UUID. */
    public Writer uuid(UUID value) {
        return u64(value.getMostSignificantBits()).u64(value.getLeastSignificantBits());
    }

    /** Writes all of {@code value}. */
    public Writer bytes(byte[] value) {
        return bytes(value, 0, value.length);
    }

    /** Writes a part of {@code value}. */
    public Writer bytes(byte[] value, int offset, int count) {
        reserve(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Writes {@code count} zero bytes. */
    public Writer zeros(int count) {
        reserve(count);
        Arrays.fill(bytes, length, length + count, (byte) 0);
        length += count;
        return this;
    }

    /** Returns the number of bytes written. */
    public int length() {
        return length;
    }

    /** Returns the buffer itself: its first {@link #length} bytes are what was written. */
    public byte[] buffer() {
        return bytes;
    }

    /** Forgets what was written and keeps the buffer. */
    public void reset() {
        length = 0;
    }

    /** Returns exactly what was written; the buffer itself where it fits. */
    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void reserve(int count) {
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
    }
}
