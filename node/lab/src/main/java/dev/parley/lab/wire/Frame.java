package dev.parley.lab.wire;

import java.util.Arrays;

/**
 * A frame of PSP/1 section 3: {@code type u8 | length u24 | body}.
 *
 * @param bytes the whole frame, header and body
 */
public record Frame(byte[] bytes) {
    public static final int HEADER = 4;

    public static final int HELLO = 0x01;
    public static final int ACCEPT = 0x02;
    public static final int IDENTIFY = 0x03;
    public static final int CONFIRM = 0x04;
    public static final int ALERT = 0x0E;
    public static final int REJECT = 0x0F;
    public static final int RECORD = 0x10;

    /** A frame of a type around a body. */
    public static Frame of(int type, byte[] body) {
        byte[] bytes = new byte[HEADER + body.length];
        bytes[0] = (byte) type;
        bytes[1] = (byte) (body.length >> 16);
        bytes[2] = (byte) (body.length >> 8);
        bytes[3] = (byte) body.length;
        System.arraycopy(body, 0, bytes, HEADER, body.length);
        return new Frame(bytes);
    }

    public int type() {
        return bytes[0] & 0xFF;
    }

    /** A copy of the body. */
    public byte[] body() {
        return Arrays.copyOfRange(bytes, HEADER, bytes.length);
    }

    /** The same frame with one bit of its body changed. @param at index in the body; negative counts from its end */
    public Frame flipped(int at, int mask) {
        byte[] changed = bytes.clone();
        changed[at < 0 ? changed.length + at : HEADER + at] ^= (byte) mask;
        return new Frame(changed);
    }

    public boolean is(int type) {
        return type() == type;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Frame[type " + type() + ", " + bytes.length + " bytes]";
    }
}
