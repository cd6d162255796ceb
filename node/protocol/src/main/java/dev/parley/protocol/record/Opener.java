package dev.parley.protocol.record;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.wire.Limits;
import java.util.Arrays;

/** The direction that we receive in: opens records in their order under the key of its epoch. */
final class Opener implements AutoCloseable {
    private Aead aead;
    private int epoch;
    private long n;

    Opener(Aead aead) {
        this.aead = aead;
    }

    /** Opens a whole frame; the first failure is final, which the caller sees to. */
    byte[] open(byte[] frame) throws CryptoException {
        byte[] header = Arrays.copyOf(frame, Limits.FRAME_HEADER);
        byte[] plaintext = aead.open(n, header, frame, header.length, frame.length - header.length);
        n++;
        return plaintext;
    }

    /** Goes on under the next epoch's key; the old one is wiped. */
    void move(Aead next) {
        aead.close();
        aead = next;
        epoch++;
        n = 0;
    }

    int epoch() {
        return epoch;
    }

    /** Returns the n of the next record. */
    long n() {
        return n;
    }

    @Override
    public void close() {
        aead.close();
    }
}
