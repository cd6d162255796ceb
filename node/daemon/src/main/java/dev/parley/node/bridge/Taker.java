package dev.parley.node.bridge;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.BridgeEvent;
import dev.parley.node.audit.Claim;
import dev.parley.node.message.Groups;
import dev.parley.node.message.Messages;
import dev.parley.node.message.NoRoom;
import dev.parley.node.message.QuotaException;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.store.Store;
import dev.parley.node.trust.KnownPeers;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Takes messages to send. One is acknowledged to JetStream after the commit that holds it and the fact that it was taken, so that
 * one that is handed over again is acknowledged and not sent again.
 */
final class Taker {
    private static final Logger LOG = Logger.getLogger(Taker.class);

    private static final int BATCH = 32;
    private static final Duration FETCH = Duration.ofSeconds(1);
    private static final Duration ACK = Duration.ofSeconds(10);
    private static final Duration FULL = Duration.ofSeconds(5);

    private final Store store;
    private final Messages messages;
    private final KnownPeers peers;
    private final Groups groups;
    private final AuditLog audit;
    private final String prefix;
    final AtomicLong taken = new AtomicLong();
    final AtomicLong rejected = new AtomicLong();

    Taker(Store store, Messages messages, KnownPeers peers, Groups groups, AuditLog audit, String prefix) {
        this.store = store;
        this.messages = messages;
        this.peers = peers;
        this.groups = groups;
        this.audit = audit;
        this.prefix = prefix;
    }

    private record Begun(Message message, CompletionStage<Messages.Accepted> stored) {}

    /** Takes what there is, or waits a second for something. Blocks. */
    void takeSome(JetStreamSubscription from, JetStream stream) throws InterruptedException, IOException {
        List<Begun> begun = new ArrayList<>();
        for (Message each : from.fetch(BATCH, FETCH)) {
            begin(each, stream, begun);
        }
        for (Begun each : begun) {
            finish(each);
        }
    }

    private void begin(Message message, JetStream stream, List<Begun> begun) throws IOException, InterruptedException {
        var meta = message.metaData();
        // A stream that was made anew counts anew: its messages are told apart by their time.
        String place = meta.getStream() + "/" + meta.streamSequence() + "/"
                + meta.timestamp().toInstant();
        try {
            Order order = Order.of(message.getHeaders(), place);
            if (Store.await(store.database().read(tx -> BridgeTable.isTaken(tx, order.id())))) {
                acknowledge(message);
                return;
            }
            var draft = order.draft(message.getData(), peers, groups);
            Instant now = Instant.now();
            begun.add(new Begun(message, messages.send(draft, false, tx -> BridgeTable.taken(tx, order.id(), now))));
        } catch (Order.Bad bad) {
            reject(message, stream, bad.getMessage());
        } catch (QuotaException | NoRoom full) {
            LOG.debugf("the outbox is full: %s", full.getMessage());
            message.nakWithDelay(FULL);
        }
    }

    private void finish(Begun begun) throws InterruptedException {
        try {
            begun.stored().toCompletableFuture().join();
            taken.incrementAndGet();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof BridgeTable.AlreadyTaken)) {
                LOG.warnf(
                        "a message of the broker could not be stored, it comes again: %s",
                        e.getCause().getMessage());
                begun.message().nakWithDelay(FULL);
                return;
            }
        }
        CrashPoint.BRIDGE_BEFORE_ACK.reached();
        acknowledge(begun.message());
    }

    /** Where the broker does not hear it, it hands the message over again. */
    private static void acknowledge(Message message) throws InterruptedException {
        try {
            message.ackSync(ACK);
        } catch (TimeoutException | IllegalStateException unheard) {
            LOG.debugf("an acknowledgement was not heard: %s", unheard.getMessage());
        }
    }

    private void reject(Message message, JetStream stream, String reason) throws IOException {
        var meta = message.metaData();
        Headers given = message.getHeaders();
        String to = given == null ? null : given.getFirst(Order.TO);
        Headers headers = new Headers()
                .put("Nats-Msg-Id", "rejected." + meta.getStream() + "." + meta.streamSequence())
                .put("Parley-Reason", Encoding.printable(reason))
                .put("Parley-Stream", meta.getStream())
                .put("Parley-Sequence", Long.toString(meta.streamSequence()));
        try {
            stream.publish(NatsMessage.builder()
                    .subject(prefix + ".rejected")
                    .headers(headers)
                    .build());
        } catch (JetStreamApiException e) {
            throw new IOException("the reason of a rejection was not taken: " + e.getMessage(), e);
        }
        audit.record(new BridgeEvent.BridgeRejected(meta.getStream(), meta.streamSequence(), Claim.of(to), reason));
        rejected.incrementAndGet();
        message.term();
    }
}
