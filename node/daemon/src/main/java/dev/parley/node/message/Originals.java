package dev.parley.node.message;

import dev.parley.node.store.Store;
import dev.parley.node.store.Tx;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Single messages of either direction with their content, for who has to say something of it. */
@ApplicationScoped
public class Originals {
    private final Store store;

    Originals(Store store) {
        this.store = store;
    }

    /** A message that was sent. */
    public record Sent(UUID id, Instant at, Record.Scope scope, byte[] body) {
        /** Says nothing of the content. */
        @Override
        public String toString() {
            return "Sent[" + id + "]";
        }
    }

    /** A message that came. @param sentAt the sender's claim */
    public record Received(UUID id, UUID session, Instant at, Instant sentAt, Record.Scope scope, byte[] body) {
        /** Says nothing of the content. */
        @Override
        public String toString() {
            return "Received[" + id + "]";
        }
    }

    public CompletableFuture<Optional<Sent>> sent(UUID id) {
        var table = new OutboxTable(store.vault());
        return store.database()
                .read(tx -> tx.first(
                        "SELECT created_at, scope, body FROM outgoing WHERE id = ?",
                        row -> new Sent(
                                id,
                                Tx.instant(row, "created_at"),
                                OutboxTable.scope(row),
                                table.body(id, row.getBytes("body"))),
                        id));
    }

    public CompletableFuture<Optional<Received>> received(PeerId from, UUID id) {
        var table = new InboxTable(store.vault());
        return store.database()
                .read(tx -> tx.first(
                        "SELECT session, received_at, sent_at, scope, body FROM incoming WHERE peer = ? AND id = ?",
                        row -> new Received(
                                id,
                                Tx.uuid(row, "session"),
                                Tx.instant(row, "received_at"),
                                Tx.instant(row, "sent_at"),
                                OutboxTable.scope(row),
                                table.body(from, id, row.getBytes("body"))),
                        from.bytes(),
                        id));
    }
}
