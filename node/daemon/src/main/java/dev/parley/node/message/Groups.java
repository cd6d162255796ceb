package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Named sets of peers, this node's own. */
@ApplicationScoped
public class Groups implements PeerListener {

    private final Store store;

    Groups(Store store) {
        this.store = store;
    }

    /** A group and its members, in no order. */
    public record Group(String name, Instant madeAt, List<PeerId> members) {}

    public CompletionStage<List<Group>> all() {
        return store.database().read(tx -> {
            List<Group> groups = new ArrayList<>();
            for (String name : tx.list("SELECT name FROM peer_group ORDER BY name", row -> row.getString(1))) {
                groups.add(find(tx, name).orElseThrow());
            }
            return groups;
        });
    }

    public CompletionStage<Optional<Group>> get(String name) {
        return store.database().read(tx -> find(tx, name));
    }

    /** @return completes with false where there is one already */
    public CompletionStage<Boolean> create(String name) {
        return store.database()
                .write(tx ->
                        tx.update("INSERT OR IGNORE INTO peer_group (name, made_at) VALUES (?, ?)", name, Instant.now())
                                > 0);
    }

    /** @return completes with false where there is none */
    public CompletionStage<Boolean> delete(String name) {
        return store.database().write(tx -> tx.update("DELETE FROM peer_group WHERE name = ?", name) > 0);
    }

    /** @return completes with the group, or empty where there is none */
    public CompletionStage<Optional<Group>> add(String name, PeerId peer) {
        return store.database().write(tx -> {
            if (find(tx, name).isPresent()) {
                tx.update("INSERT OR IGNORE INTO group_member (name, peer) VALUES (?, ?)", name, peer.bytes());
            }
            return find(tx, name);
        });
    }

    /** @return completes with the group, or empty where there is none */
    public CompletionStage<Optional<Group>> remove(String name, PeerId peer) {
        return store.database().write(tx -> {
            tx.update("DELETE FROM group_member WHERE name = ? AND peer = ?", name, peer.bytes());
            return find(tx, name);
        });
    }

    @Override
    public void forgotten(KnownPeer peer) {
        store.database()
                .write(tx -> tx.update("DELETE FROM group_member WHERE peer = ?", (Object)
                        peer.id().bytes()));
    }

    private static Optional<Group> find(Tx tx, String name) throws SQLException {
        Optional<Instant> madeAt =
                tx.first("SELECT made_at FROM peer_group WHERE name = ?", row -> Tx.instant(row, "made_at"), name);
        if (madeAt.isEmpty()) {
            return Optional.empty();
        }
        List<PeerId> members =
                tx.list("SELECT peer FROM group_member WHERE name = ?", row -> PeerId.of(row.getBytes("peer")), name);
        return Optional.of(new Group(name, madeAt.get(), members));
    }
}
