package dev.parley.node.message;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.StoreEvent;
import dev.parley.node.store.Store;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices when peers have messages that this store says were never sent: then it is an older copy of the true one. After a
 * node died that can be true of the few that were on their way; after an orderly stop it cannot.
 */
@ApplicationScoped
class PeersAhead {
    private final Store store;
    private final AuditLog audit;
    private final Instant startedAt = Instant.now();
    private final Map<PeerId, Long> seen = new HashMap<>();

    PeersAhead(Store store, AuditLog audit) {
        this.store = store;
        this.audit = audit;
    }

    /** @param message that was sealed for the first time, as far as the store knows, and that the peer has already */
    synchronized void knowsWhatWasNeverSent(PeerId peer, OutgoingMessage message) {
        if (message.createdAt().isAfter(startedAt)) {
            // The peer's mistake, or its lie: what this process made, it has sent once.
            return;
        }
        long messages = seen.merge(peer, 1L, Long::sum);
        long explained = store.stoppedCleanly() ? 0 : PeerLane.UNRECORDED;
        if (messages == explained + 1) {
            audit.record(new StoreEvent.StoreBehindPeers(peer.toString(), messages));
            store.warn("the store is an older copy: a peer has messages already that were never sent according to it");
        }
    }
}
