package dev.parley.node.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.session.Session;
import dev.parley.node.trace.TraceContext;
import dev.parley.node.trace.Tracing;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a session's way of messages, on an event loop that the test turns by hand. */
class SessionDeliveryTest {
    private static final Identity PEER =
            Identity.of(IdentityKey.generate(2048, new SecureRandom()), "peer", "", List.of());

    private final MessageIds ids = new MessageIds(new SecureRandom());
    private final Loop loop = new Loop();
    /** Nothing listens where it exports to. */
    private final Tracing tracing = new Tracing(new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(ParleyConfig.class)
            .withDefaultValue("parley.trace.enabled", "true")
            .withDefaultValue("parley.trace.endpoint", "http://127.0.0.1:1/v1/traces")
            .build()
            .getConfigMapping(ParleyConfig.class));

    private final Session session = new Session(
            new Session.Facts(UUID.randomUUID(), PEER, true, "192.0.2.1:1", Suite.A256GCM, Instant.now()), loop, true);
    private final PeerLane lane = new PeerLane();
    private final SessionDelivery delivery =
            new SessionDelivery(session, lane, new EmptyStore(), new SessionDelivery.Window(2, 1 << 20), tracing);

    @BeforeEach
    void lookIntoTheStore() {
        delivery.pump();
    }

    @Test
    void nothingNewIsSentAndWhatWasSentIsWaitedFor() {
        UUID first = send(1);
        UUID second = send(2);
        send(3);
        assertThat(loop.messages()).containsExactly(first, second);

        CompletableFuture<Void> over = delivery.windUp().toCompletableFuture();
        delivery.answered(first);
        delivery.pump();
        assertThat(loop.messages()).as("the window has room").hasSize(2);
        assertThat(over).isNotDone();
        assertThat(delivery.takes()).as("what comes meanwhile").isTrue();
        delivery.answered(second);
        assertThat(over).as("one that came is not answered").isNotDone();
        assertThat(delivery.takes()).as("it would never end").isFalse();

        delivery.acknowledge(UUID.randomUUID(), Record.AckStatus.STORED);
        assertThat(over).isNotDone();
        loop.turn();
        assertThat(over).isCompleted();
        assertThat(loop.sent.getLast()).as("before CLOSE").isInstanceOf(Record.Ack.class);
        delivery.rewind();
        assertThat(loop.messages()).as("nothing revives it").hasSize(2);
    }

    @Test
    void whereNothingIsUnderWayItIsOverAtOnce() {
        assertThat(delivery.windUp().toCompletableFuture()).isCompleted();
        assertThat(delivery.windUp().toCompletableFuture()).as("again").isCompleted();
    }

    @Test
    void aSlowStoreHoldsBackWhatThePeerAnswersAtOnce() {
        for (long seq = 1; seq <= PeerLane.UNRECORDED + 1; seq++) {
            UUID id = send(seq);
            if (loop.messages().contains(id)) {
                lane.sealed(seq);
                delivery.answered(id);
            }
        }
        assertThat(loop.messages()).hasSize(PeerLane.UNRECORDED);
        for (int i = 0; i < PeerLane.UNRECORDED; i++) {
            lane.recorded();
        }
        loop.turn();
        assertThat(loop.messages()).as("the store has caught up").hasSize(PeerLane.UNRECORDED + 1);
    }

    @Test
    void whatIsInATraceIsToldRightBeforeAndOnlyWhereThisNodeTraces() {
        TraceContext stored = new TraceContext(new UUID(1, 2), 3, 1);
        UUID silent = send(1, Optional.of(stored));
        assertThat(loop.sent).as("tracing is off").hasSize(1);
        delivery.answered(silent);

        tracing.start("test");
        UUID plain = send(2);
        UUID traced = send(3, Optional.of(stored));
        assertThat(loop.sent).hasSize(4);
        assertThat(loop.messages()).containsExactly(silent, plain, traced);
        assertThat(loop.sent.get(2)).isInstanceOfSatisfying(Record.Trace.class, trace -> {
            assertThat(trace.message()).isEqualTo(traced);
            assertThat(trace.trace()).isEqualTo(stored.trace());
            assertThat(trace.span()).as("a span of the session").isNotIn(0L, stored.span());
            assertThat(trace.flags() & 1).isEqualTo(1);
        });
    }

    @Test
    void aTraceIsTakenForTheMessageRightBehindItAndNoOther() {
        UUID message = UUID.randomUUID();
        assertThat(delivery.traceOf(message)).as("none was told").isEmpty();
        delivery.traced(new Record.Trace(message, new UUID(1, 2), 3, 1));
        assertThat(delivery.traceOf(message)).contains(new TraceContext(new UUID(1, 2), 3, 1));
        assertThat(delivery.traceOf(message)).as("again").isEmpty();
        delivery.traced(new Record.Trace(UUID.randomUUID(), new UUID(1, 2), 3, 1));
        assertThat(delivery.traceOf(message)).as("of another").isEmpty();
        delivery.traced(new Record.Trace(message, new UUID(0, 0), 3, 1));
        assertThat(delivery.traceOf(message)).as("no trace").isEmpty();
        delivery.traced(new Record.Trace(message, new UUID(1, 2), 0, 1));
        assertThat(delivery.traceOf(message)).as("no span").isEmpty();
    }

    @AfterEach
    void endTracing() {
        tracing.stop();
    }

    @Test
    void theSessionsEndEndsTheWait() {
        send(1);
        CompletableFuture<Void> over = delivery.windUp().toCompletableFuture();
        assertThat(over).isNotDone();
        delivery.ended();
        assertThat(over).isCompleted();
    }

    private UUID send(long seq) {
        return send(seq, Optional.empty());
    }

    private UUID send(long seq, Optional<TraceContext> trace) {
        UUID id = ids.next(System.currentTimeMillis());
        Instant now = Instant.now();
        delivery.offer(new OutgoingMessage(
                seq,
                new Record.Message(id, now.toEpochMilli(), Record.Scope.DIRECT, "", "text/plain", new byte[4]),
                now,
                now.plusSeconds(60),
                trace));
        delivery.pump();
        return id;
    }

    /** Has nothing more than what was offered. */
    private final class EmptyStore implements SessionDelivery.Source {
        @Override
        public void load(SessionDelivery of, long after, int most, long mostBytes) {
            of.loaded(new OutboxTable.Batch(List.of(), false), of.generation());
        }

        @Override
        public void tooLong(SessionDelivery of, OutgoingMessage message) {
            throw new AssertionError("nothing is too long");
        }
    }

    private static final class Loop implements Session.Link {
        final List<Record> sent = new ArrayList<>();
        private final Deque<Runnable> tasks = new ArrayDeque<>();

        void turn() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        List<UUID> messages() {
            return sent.stream()
                    .filter(Record.Message.class::isInstance)
                    .map(each -> ((Record.Message) each).id())
                    .toList();
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean send(Record record) {
            return sent.add(record);
        }

        @Override
        public void ping() {}

        @Override
        public void close(Failure failure, String reason) {}

        @Override
        public int remoteMaxPlaintext() {
            return 1 << 20;
        }

        @Override
        public long lastHeard() {
            return 0;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public long bytesIn() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return 0;
        }
    }
}
