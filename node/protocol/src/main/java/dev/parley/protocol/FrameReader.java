package dev.parley.protocol;

import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts the input into frames (section 3). Type and length are checked against the state before a body is buffered, and
 * a body's buffer grows with what has arrived.
 */
final class FrameReader {
    /** What may come now. */
    interface Gate {
        /** Returns whether a frame of this type is legal in the state. */
        boolean legal(FrameType type);

        /** Returns the shortest and the longest legal RECORD body; other frames carry their own limits. */
        int minRecord();

        int maxRecord();
    }

    /** A header that is not legal now. */
    static final class IllegalFrameException extends Exception {
        private static final long serialVersionUID = 1L;

        IllegalFrameException(String detail) {
            super(detail, null, false, false);
        }
    }

    private static final int FIRST_CAPACITY = 4_096;
    private static final int SLICE = 32_768;

    private final ChannelSettings.Timing timing;
    private byte[] buffer = new byte[Limits.FRAME_HEADER];
    private int length;
    /** Of the whole frame; 0 until the header is in. */
    private int frameLength;

    private long begun;

    FrameReader(ChannelSettings.Timing timing) {
        this.timing = timing;
    }

    /** Takes input up to the end of a frame and returns that whole frame; null where it needs more. */
    byte[] read(ByteBuffer in, Gate gate, long now) throws IllegalFrameException {
        if (length == 0 && in.hasRemaining()) {
            begun = now;
        }
        if (frameLength == 0) {
            take(in, Limits.FRAME_HEADER);
            if (length < Limits.FRAME_HEADER) {
                return null;
            }
            frameLength = Limits.FRAME_HEADER + check(gate);
        }
        while (length < frameLength && in.hasRemaining()) {
            int wanted = Math.min(frameLength, length + in.remaining());
            if (wanted > buffer.length) {
                int capacity = Math.max(wanted, Math.max(FIRST_CAPACITY, 2 * buffer.length));
                buffer = Arrays.copyOf(buffer, Math.min(frameLength, capacity));
            }
            take(in, wanted);
        }
        if (length < frameLength) {
            return null;
        }
        byte[] frame = buffer.length == frameLength ? buffer : Arrays.copyOf(buffer, frameLength);
        buffer = new byte[Limits.FRAME_HEADER];
        length = 0;
        frameLength = 0;
        return frame;
    }

    /** Says whether a frame has begun and is not complete. */
    boolean inside() {
        return length > 0;
    }

    /** Returns when the frame that has begun must be complete; Long.MAX_VALUE where none has. */
    long deadline() {
        if (!inside()) {
            return Long.MAX_VALUE;
        }
        return begun + timing.frame() + timing.framePer32KiB() * (frameLength / SLICE);
    }

    private int check(Gate gate) throws IllegalFrameException {
        FrameType type = FrameType.of(buffer[0] & 0xff);
        if (type == null || !gate.legal(type)) {
            throw new IllegalFrameException("frame of a type that is not legal now");
        }
        int bodyLength = (buffer[1] & 0xff) << 16 | (buffer[2] & 0xff) << 8 | buffer[3] & 0xff;
        int min = type == FrameType.RECORD ? gate.minRecord() : type.min();
        int max = type == FrameType.RECORD ? gate.maxRecord() : type.max();
        if (bodyLength < min || bodyLength > max) {
            throw new IllegalFrameException("frame of a length that is not legal now");
        }
        return bodyLength;
    }

    private void take(ByteBuffer in, int upTo) {
        int count = Math.min(upTo - length, in.remaining());
        in.get(buffer, length, count);
        length += count;
    }
}
