package dev.parley.lab.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes one after the other, each with its length before it: {@code u16 length | bytes}. */
public final class Parts {
    private Parts() {}

    public static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.write(part.length >> 8);
            out.write(part.length);
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** @throws IOException if they are not exactly so many */
    public static byte[][] split(byte[] bytes, int count) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[][] parts = new byte[count][];
        for (int i = 0; i < count; i++) {
            if (in.remaining() < 2 || in.remaining() - 2 < Short.toUnsignedInt(in.getShort(in.position()))) {
                throw new IOException("a frame is cut short");
            }
            parts[i] = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(parts[i]);
        }
        if (in.hasRemaining()) {
            throw new IOException("a frame has bytes to spare");
        }
        return parts;
    }
}
