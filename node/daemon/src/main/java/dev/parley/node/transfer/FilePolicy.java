package dev.parley.node.transfer;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.crypto.PeerId;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the operator's settings say about files: which are taken without asking, how long they may be, and what room there is. */
final class FilePolicy {
    private final ParleyConfig.Files config;
    private final long reserve;
    private final Store store;
    private final KnownPeers peers;
    private final LongSupplier spoolBytes;

    FilePolicy(ParleyConfig config, Store store, KnownPeers peers, LongSupplier spoolBytes) {
        this.config = config.files();
        this.reserve = config.store().reserve().asLongValue();
        this.store = store;
        this.peers = peers;
        this.spoolBytes = spoolBytes;
    }

    /** Whether files of a peer are taken without the operator's word. */
    boolean takesUnasked(PeerId peer) {
        Optional<PeerState> state = peers.get(peer).map(KnownPeer::state);
        return switch (config.accept()) {
            case ASK -> false;
            case VERIFIED -> state.filter(PeerState.VERIFIED::equals).isPresent();
            case TRUSTED -> state.filter(PeerState::isLetIn).isPresent();
        };
    }

    long maxSize() {
        return config.maxSize().asLongValue();
    }

    /** Whether a file may be that long; sizes of the protocol are unsigned. */
    boolean isTooLarge(long size) {
        return size < 0 || size > maxSize();
    }

    /** Whether the spool may take so many bytes more. */
    boolean isWithinSpool(long more) {
        return spoolBytes.getAsLong() <= config.spoolBytes().asLongValue() - more;
    }

    /** Whether the disk may take so many bytes more and keeps its reserve. */
    boolean fitsOnDisk(long more) {
        return store.database().isWritable() && store.freeBytes() - reserve > more;
    }
}
