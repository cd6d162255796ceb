package dev.parley.node.transfer;

import dev.parley.node.store.Tx;
import dev.parley.node.store.Vault;
import dev.parley.protocol.crypto.PeerId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Which transfer.
 *
 * @param peer with whom
 * @param id chosen by the sender
 * @param outgoing whether this node sends it
 */
record TransferKey(PeerId peer, UUID id, boolean outgoing) {

    /** What a chunk of the spooled content is, so that it opens in its own place alone. */
    byte[] placeOfChunk(long index) {
        return place("spool", ByteBuffer.allocate(Long.BYTES).putLong(index).array());
    }

    byte[] placeOfName() {
        return place("transfer name", new byte[0]);
    }

    String fileName() {
        return (outgoing ? "out-" : "in-") + peer + "-" + id;
    }

    private byte[] place(String what, byte[] rest) {
        return Vault.place(what, peer.bytes(), Tx.bytes(id), new byte[] {(byte) (outgoing ? 1 : 0)}, rest);
    }
}
