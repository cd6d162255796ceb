package dev.parley.node.bridge;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.BridgeEvent;
import dev.parley.node.message.History;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes what came, in the order in which it came of each peer: the next of a peer only once JetStream has acknowledged the
 * one before. The cursor moves after that, so that what a death leaves in doubt is published again, with the same id.
 */
final class Publisher {
    /** Messages of which one is published for each peer at a time; their bodies are at most 1 MiB each. */
    private static final int BATCH = 32;

    private static final long ACK_SECONDS = 10;
    /** Room for headers and what the protocol puts around: what does not fit below the limit with it is not tried. */
    private static final int FRAME_BYTES = 64;

    private final Store store;
    private final History history;
    private final KnownPeers peers;
    private final AuditLog audit;
    private final String prefix;
    final AtomicLong published = new AtomicLong();

    Publisher(Store store, History history, KnownPeers peers, AuditLog audit, String prefix) {
        this.store = store;
        this.history = history;
        this.peers = peers;
        this.audit = audit;
        this.prefix = prefix;
    }

    /**
     * Publishes some of what waits. Blocks.
     *
     * @return whether there may be more
     * @throws ExecutionException if JetStream did not acknowledge all of it; what it did acknowledge is noted
     * @throws InterruptedException if there is no time to wait for that; nothing is noted, all of it is published again
     */
    boolean publishSome(Connection connection, JetStream stream) throws ExecutionException, InterruptedException {
        long cursor = Store.await(store.database().write(BridgeTable::cursor));
        List<History.Entry> batch =
                history.received(cursor, BATCH).toCompletableFuture().join();
        if (batch.isEmpty()) {
            return false;
        }
        Map<PeerId, CompletableFuture<Void>> last = new HashMap<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (History.Entry each : batch) {
            CompletableFuture<Void> next = last.getOrDefault(each.peer(), CompletableFuture.completedFuture(null))
                    .thenCompose(before -> publish(connection, stream, each));
            last.put(each.peer(), next);
            all.add(next);
        }
        ExecutionException failure = null;
        long done = cursor;
        for (int i = 0; i < all.size(); i++) {
            try {
                all.get(i).get();
                if (failure == null) {
                    done = batch.get(i).seq();
                    published.incrementAndGet();
                }
            } catch (ExecutionException e) {
                failure = failure == null ? e : failure;
            }
        }
        CrashPoint.BRIDGE_BEFORE_CURSOR.reached();
        long upTo = done;
        Store.await(store.database().write(tx -> BridgeTable.advance(tx, upTo)));
        if (failure != null) {
            throw failure;
        }
        return batch.size() == BATCH;
    }

    private CompletableFuture<Void> publish(Connection connection, JetStream stream, History.Entry entry) {
        Headers headers = headers(entry);
        long most = connection.getMaxPayload();
        byte[] body = entry.body();
        if (body.length + headers.serializedLength() + FRAME_BYTES > most) {
            headers.put("Parley-Omitted", "longer than the server takes: " + body.length + " bytes of at most " + most);
            body = new byte[0];
            audit.record(new BridgeEvent.BridgeOmitted(entry.id(), entry.peer().toString(), entry.body().length, most));
        }
        Message message = NatsMessage.builder()
                .subject(prefix + ".in." + entry.peer())
                .headers(headers)
                .data(body)
                .build();
        return stream.publishAsync(message)
                .orTimeout(ACK_SECONDS, TimeUnit.SECONDS)
                .thenAccept(ack -> {});
    }

    private Headers headers(History.Entry entry) {
        Headers headers = new Headers()
                .put("Nats-Msg-Id", entry.peer() + "." + entry.id())
                .put("Parley-Id", entry.id().toString())
                .put("Parley-From", entry.peer().toString())
                .put("Parley-Scope", entry.scope().name())
                .put("Parley-Media-Type", Encoding.printable(entry.mediaType()))
                .put("Parley-Sent-At", entry.sentAt().toString())
                .put("Parley-Received-At", entry.at().toString());
        peers.alias(entry.peer()).ifPresent(alias -> headers.put("Parley-Alias", Encoding.percent(alias)));
        if (!entry.group().isEmpty()) {
            headers.put("Parley-Group", Encoding.percent(entry.group()));
        }
        return headers;
    }
}
