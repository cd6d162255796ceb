package dev.parley.node.transfer;

import dev.parley.node.store.Vault;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;

/** Appends to one content of the spool, chunk by chunk. Not thread-safe. */
final class SpoolWriter implements Closeable {
    private final FileChannel channel;
    private final TransferKey key;
    private final Vault vault;
    private final AtomicLong spoolBytes;
    private long position;
    private long forced;

    SpoolWriter(FileChannel channel, TransferKey key, Vault vault, AtomicLong spoolBytes, long position) {
        this.channel = channel;
        this.key = key;
        this.vault = vault;
        this.spoolBytes = spoolBytes;
        this.position = position;
        this.forced = position;
    }

    /** @param length {@link Spool#CHUNK}, or less in the last chunk of a content */
    void append(byte[] content, int length) throws IOException {
        if (position % Spool.CHUNK != 0) {
            throw new IllegalStateException("nothing follows a chunk that is not full");
        }
        byte[] sealed = vault.seal(key.placeOfChunk(position / Spool.CHUNK), content, 0, length);
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        position += length;
        spoolBytes.addAndGet(sealed.length);
    }

    /** What was appended is on the disk when this returns. */
    void force() throws IOException {
        channel.force(false);
        forced = position;
    }

    /** Bytes of content so far. */
    long position() {
        return position;
    }

    /** Those that outlive the machine's death. */
    long forced() {
        return forced;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
