package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * When a peer's key has named the next one, what belongs to the old PeerId goes over to the new: what waits for it, which messages
 * of it are known, its history, its groups. Every step may be done again, and is at the next start: a death between any two
 * loses nothing.
 */
@ApplicationScoped
class Successions implements PeerListener {

    private static final Logger LOG = Logger.getLogger(Successions.class);
    /** Messages whose bodies are sealed anew in one transaction, so that others need not wait long. */
    private static final int AT_ONCE = 64;
    /** Longer than a repetition may come. */
    private static final Duration SEEN_FOR = Duration.ofDays(150);

    private final Store store;
    private final Outbox outbox;
    private final Inbox inbox;
    private final Messages messages;

    Successions(Store store, Outbox outbox, Inbox inbox, Messages messages) {
        this.store = store;
        this.outbox = outbox;
        this.inbox = inbox;
        this.messages = messages;
    }

    /** Once the store is open and before anything is counted: finishes what a death may have left. Blocks. */
    static void catchUp(Store store, KnownPeers peers) {
        InboxTable table = new InboxTable(store.vault());
        peers.successions().forEach((old, next) -> {
            Store.await(store.database().write(tx -> move(tx, old, next)));
            while (Store.await(store.database().write(tx -> table.reseal(tx, old, next, AT_ONCE))) > 0) {
                LOG.debugf("moving messages of %s", next);
            }
        });
    }

    @Override
    public void succeeded(KnownPeer old, KnownPeer next) {
        outbox.moving(old.id(), next.id());
        store.database().write(tx -> move(tx, old.id(), next.id())).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.errorf("what belongs to %s moves at the next start: %s", next.shown(), failure.getMessage());
                return;
            }
            outbox.moved(old.id(), next.id());
            messages.movedTo(next.id());
            history(old.id(), next.id());
        });
    }

    @Override
    public void keyAccepted(KnownPeer old, KnownPeer next) {
        // What waits stays: the operator has vouched for the new key, the old one has not.
        store.database().write(tx -> moveGroups(tx, old.id(), next.id()));
    }

    private void history(PeerId old, PeerId next) {
        InboxTable table = new InboxTable(store.vault());
        CompletableFuture<Integer> batch = store.database().write(tx -> table.reseal(tx, old, next, AT_ONCE));
        batch.whenComplete((moved, failure) -> {
            if (failure != null) {
                LOG.errorf("the history moves at the next start: %s", failure.getMessage());
            } else if (moved > 0) {
                history(old, next);
            } else {
                inbox.moved(old, next);
            }
        });
    }

    /** Everything but incoming messages, whose bodies are sealed to their peer; of those, that they are known. */
    private static Void move(Tx tx, PeerId old, PeerId next) throws SQLException {
        byte[] from = old.bytes();
        byte[] to = next.bytes();
        tx.update("UPDATE OR IGNORE delivery SET peer = ?2 WHERE peer = ?1", from, to);
        tx.update("UPDATE OR IGNORE earlier_attempt SET peer = ?2 WHERE peer = ?1", from, to);
        tx.update(
                "INSERT OR IGNORE INTO seen (peer, id, until) SELECT ?2, id, until FROM seen WHERE peer = ?1",
                from,
                to);
        tx.update("DELETE FROM seen WHERE peer = ?", (Object) from);
        tx.update(
                "INSERT OR IGNORE INTO seen (peer, id, until) SELECT ?2, id, ?3 FROM incoming WHERE peer = ?1",
                from,
                to,
                Instant.now().plus(SEEN_FOR));
        tx.update(
                "INSERT INTO read_mark (peer, seq) SELECT ?2, seq FROM read_mark WHERE peer = ?1"
                        + " ON CONFLICT (peer) DO UPDATE SET seq = MAX(seq, excluded.seq)",
                from,
                to);
        tx.update("DELETE FROM read_mark WHERE peer = ?", (Object) from);
        moveGroups(tx, old, next);
        return null;
    }

    private static int moveGroups(Tx tx, PeerId old, PeerId next) throws SQLException {
        tx.update(
                "INSERT OR IGNORE INTO group_member (name, peer) SELECT name, ?2 FROM group_member WHERE peer = ?1",
                old.bytes(),
                next.bytes());
        return tx.update("DELETE FROM group_member WHERE peer = ?", (Object) old.bytes());
    }
}
