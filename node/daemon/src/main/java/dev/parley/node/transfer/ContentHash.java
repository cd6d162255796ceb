package dev.parley.node.transfer;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over a content while it comes; after a restart over what is in the spool first. Not thread-safe. */
final class ContentHash {
    /** Bytes in one step of catching up: some ten milliseconds. */
    private static final long STEP = 16L << 20;

    private final MessageDigest digest;
    private long hashed;

    ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    void update(byte[] content, int length) {
        digest.update(content, 0, length);
        hashed += length;
    }

    /** Bytes that were put in. */
    long hashed() {
        return hashed;
    }

    /** Takes a step towards {@code position}. @return whether it is there */
    boolean catchUp(Spool spool, TransferKey key, long position) throws IOException {
        if (hashed >= position) {
            return true;
        }
        try (SpoolReader reader = spool.read(key, position)) {
            long end = Math.min(position, hashed + STEP);
            while (hashed < end) {
                byte[] chunk = reader.read(hashed, Spool.CHUNK);
                update(chunk, chunk.length);
            }
        }
        return hashed >= position;
    }

    /** Of all that was put in; once. */
    byte[] digest() {
        return digest.digest();
    }
}
