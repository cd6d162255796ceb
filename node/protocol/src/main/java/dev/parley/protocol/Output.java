package dev.parley.protocol;

import java.util.Arrays;

/** Gathers whole frames up to a budget in one array. */
final class Output {
    private static final byte[] NOTHING = {};

    private final int budget;
    private byte[] bytes;
    private int length;

    /** @param expected how much waits, in bytes: what is allocated at first, if the budget allows */
    Output(int budget, long expected) {
        this.budget = budget;
        this.bytes = new byte[Math.clamp(expected, 0, Math.max(budget, 0))];
    }

    /** Says whether a frame of this length still fits; the first always does. */
    boolean fits(int frameLength) {
        return length == 0 || frameLength <= budget - length;
    }

    /** Makes room for a frame, to be written to {@link #array} at the offset returned. */
    int reserve(int frameLength) {
        int offset = length;
        length += frameLength;
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, Math.min(budget, 2 * bytes.length)));
        }
        return offset;
    }

    void add(byte[] frame) {
        int offset = reserve(frame.length);
        System.arraycopy(frame, 0, bytes, offset, frame.length);
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        if (length == 0) {
            return NOTHING;
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
