package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.Writer;
import java.util.Arrays;

/**
 * Who a peer is: SHA-256 over its encoded public key, 32 bytes. As text 52 characters of lower-case RFC 4648 base32
 * without padding. Ordered as unsigned bytes.
 */
public final class PeerId implements Comparable<PeerId> {
    /** Length in bytes. */
    public static final int LENGTH = 32;
    /** Length of the text in characters. */
    public static final int TEXT_LENGTH = 52;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS = 5;
    /** 52 characters hold 260 bits; the last four stand for nothing and are zero. */
    private static final int UNUSED = 0xf;

    private final byte[] bytes;

    private PeerId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the PeerId with a copy of these 32 bytes; throws IllegalArgumentException for another length. */
    public static PeerId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a PeerId has " + LENGTH + " bytes");
        }
        return new PeerId(bytes.clone());
    }

    /** Parses exactly the text that {@link #toString} prints; throws IllegalArgumentException otherwise. */
    public static PeerId parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw notAPeerId();
        }
        Writer out = new Writer(LENGTH);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                throw notAPeerId();
            }
            buffer = (buffer << BITS | value) & 0xfff;
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                out.u8(buffer >>> bits);
            }
        }
        if ((buffer & UNUSED) != 0) {
            throw notAPeerId();
        }
        return new PeerId(out.toBytes());
    }

    /** Returns a copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(TEXT_LENGTH);
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = (buffer << Byte.SIZE | b & 0xff) & 0xfff;
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(ALPHABET.charAt(buffer >>> bits & 31));
            }
        }
        return text.append(ALPHABET.charAt(buffer << BITS - bits & 31)).toString();
    }

    private static IllegalArgumentException notAPeerId() {
        return new IllegalArgumentException("not a peer id: expected " + TEXT_LENGTH
                + " characters of a-z and 2-7, as `parley identity` prints it");
    }
}
