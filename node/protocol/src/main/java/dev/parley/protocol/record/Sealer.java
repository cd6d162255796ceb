package dev.parley.protocol.record;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Writer;

/** The direction that we send in: seals records in their order under the key of its epoch. */
final class Sealer implements AutoCloseable {
    private final byte[] header = new byte[Limits.FRAME_HEADER];
    private Aead aead;
    private int epoch;
    private long n;
    private long bytes;
    private long since;

    Sealer(Aead aead, long now) {
        this.aead = aead;
        this.since = now;
    }

    /** Seals into {@code out} at {@code offset}, where {@link #frameLength} bytes are free. */
    void seal(Record record, byte[] out, int offset) {
        Writer plaintext = new Writer(record.length());
        record.write(plaintext);
        int bodyLength = aead.suite().sealedLength(plaintext.length());
        header[0] = (byte) FrameType.RECORD.code();
        header[1] = (byte) (bodyLength >>> 16);
        header[2] = (byte) (bodyLength >>> 8);
        header[3] = (byte) bodyLength;
        System.arraycopy(header, 0, out, offset, header.length);
        aead.seal(n, header, plaintext.buffer(), 0, plaintext.length(), out, offset + header.length);
        n++;
        bytes += header.length + bodyLength;
    }

    /** Goes on under the next epoch's key; the old one is wiped. */
    void move(Aead next, long now) {
        aead.close();
        aead = next;
        epoch++;
        n = 0;
        bytes = 0;
        since = now;
    }

    /** Returns the length of the frame that a plaintext of {@code length} bytes becomes. */
    int frameLength(int length) {
        return Limits.FRAME_HEADER + aead.suite().sealedLength(length);
    }

    int epoch() {
        return epoch;
    }

    /** Returns the number of records sealed in this epoch, which is the n of the next. */
    long n() {
        return n;
    }

    /** Returns the bytes of frames sealed in this epoch. */
    long bytes() {
        return bytes;
    }

    /** Returns when this epoch's key came into use. */
    long since() {
        return since;
    }

    @Override
    public void close() {
        aead.close();
    }
}
