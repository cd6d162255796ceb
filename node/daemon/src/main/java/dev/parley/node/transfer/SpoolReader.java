package dev.parley.node.transfer;

import dev.parley.node.store.StoreException;
import dev.parley.node.store.Vault;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Reads one content of the spool, from anywhere. Not thread-safe. */
final class SpoolReader implements Closeable {
    private final FileChannel channel;
    private final TransferKey key;
    private final Vault vault;
    private final long size;
    private long openedIndex = -1;
    private byte[] opened;

    SpoolReader(FileChannel channel, TransferKey key, Vault vault, long size) {
        this.channel = channel;
        this.key = key;
        this.vault = vault;
        this.size = size;
    }

    /**
     * Some of what is there.
     *
     * @param offset below the size of the content
     * @param most bytes at most; fewer come at the end of a chunk
     * @return the caller's to keep, not to change
     * @throws StoreException.Unusable if it was changed on the disk
     */
    byte[] read(long offset, int most) throws IOException {
        byte[] chunk = chunk(offset / Spool.CHUNK);
        int from = (int) (offset % Spool.CHUNK);
        int to = Math.min(chunk.length, from + most);
        return from == 0 && to == chunk.length ? chunk : Arrays.copyOfRange(chunk, from, to);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private byte[] chunk(long index) throws IOException {
        if (index == openedIndex) {
            return opened;
        }
        int length = (int) Math.min(Spool.CHUNK, size - index * Spool.CHUNK);
        ByteBuffer sealed = ByteBuffer.allocate(length + Vault.OVERHEAD);
        long at = index * Spool.SEALED_CHUNK;
        while (sealed.hasRemaining()) {
            if (channel.read(sealed, at + sealed.position()) < 0) {
                throw new EOFException("a file of the spool is shorter than it was");
            }
        }
        opened = vault.open(key.placeOfChunk(index), sealed.array());
        openedIndex = index;
        return opened;
    }
}
