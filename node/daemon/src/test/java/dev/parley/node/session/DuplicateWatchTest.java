package dev.parley.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DuplicateWatchTest {
    private static final Identity PEER =
            Identity.of(IdentityKey.generate(2_048, new SecureRandom()), "", "", List.of());
    private static final UUID A = UUID.randomUUID();
    private static final UUID B = UUID.randomUUID();

    private final Vertx vertx = Vertx.vertx();
    private final List<String> told = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private SessionRegistry sessions;
    private DuplicateWatch watch;

    @BeforeEach
    void open() {
        sessions = new SessionRegistry(vertx, List.of());
        // The highest id there is: the peer decides which session stays, so that none is closed here.
        byte[] highest = new byte[32];
        java.util.Arrays.fill(highest, (byte) 0xff);
        sessions.start(PeerId.of(highest));
        watch = new DuplicateWatch(
                sessions,
                nobodyKnown(),
                event -> {
                    events.add(event.event());
                    return CompletableFuture.completedFuture(null);
                },
                List.of((peer, remote, other) -> told.add(other + " " + remote)));
    }

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void aRestartIsNone() {
        Fake first = up("here:1");
        first.answers(A);
        first.ends();
        Fake second = up("here:2");
        second.answers(B);
        second.ends();
        up("here:3").answers(UUID.randomUUID());
        assertThat(told).isEmpty();
        assertThat(watch.duplicateOf(PEER.peerId())).isEmpty();
    }

    @Test
    void aRestartWhoseOldSessionIsNotYetKnownToBeDeadIsNone() {
        Fake first = up("here:1");
        first.answers(A);
        Fake second = up("here:2");
        second.answers(B);
        assertThat(first.asked).as("whether it lives on").isEqualTo(2);
        second.answers(B);
        assertThat(told).isEmpty();
    }

    @Test
    void twoSessionsThatBothAnswerAreTwoNodes() {
        Fake first = up("here:1");
        first.answers(A);
        Fake second = up("there:1");
        second.answers(B);
        first.answers(A);
        assertThat(told).containsExactly("there:1 here:1");
        assertThat(events).containsExactly("DUPLICATE_IDENTITY");
        assertThat(watch.duplicateOf(PEER.peerId())).contains("there:1 and here:1");
        assertThat(watch.warnings()).singleElement().asString().contains("two live nodes");
        first.ends();
        up("here:2").answers(A);
        assertThat(told).as("told once").hasSize(1);
    }

    @Test
    void nodesThatDisplaceEachOtherAreTwo() {
        Fake first = up("here:1");
        first.answers(A);
        first.ends();
        Fake second = up("there:1");
        second.answers(B);
        second.ends();
        up("here:2").answers(A);
        assertThat(told).containsExactly("there:1 here:2");
    }

    @Test
    void anAnswerToAnEarlierQuestionOrToNoneAccusesNobody() {
        Fake first = up("here:1");
        Fake late = up("here:2");
        first.answers(A);
        Fake second = up("there:1");
        second.answers(B);
        late.answers(A);
        assertThat(told).as("it was asked before the other was heard").isEmpty();
        late.answers(A);
        assertThat(told).as("and here again after").hasSize(1);
        told.clear();
        Fake fourth = up("here:4");
        fourth.answers(A);
        fourth.answers(B);
        fourth.answers(A);
        assertThat(told).as("what was not asked for").isEmpty();
    }

    @Test
    void whoAsksIsAnswered() {
        Fake session = up("here:1");
        watch.received(session.session, new Record.Instance(A, Record.InstanceWord.ASK), null);
        assertThat(session.sent)
                .last()
                .isInstanceOfSatisfying(
                        Record.Instance.class,
                        answer -> assertThat(answer.word()).isEqualTo(Record.InstanceWord.ANSWER));
    }

    private Fake up(String remote) {
        Fake fake = new Fake(remote);
        sessions.opened(fake.session);
        watch.sessionUp(fake.session);
        return fake;
    }

    private static TrustPolicy nobodyKnown() {
        return (TrustPolicy) Proxy.newProxyInstance(
                TrustPolicy.class.getClassLoader(),
                new Class<?>[] {TrustPolicy.class},
                (proxy, method, arguments) -> Optional.empty());
    }

    /** A session whose loop is the caller's thread. */
    private final class Fake implements Session.Link {
        final List<Record> sent = new ArrayList<>();
        final Session session;
        int asked;

        Fake(String remote) {
            session = new Session(
                    new Session.Facts(UUID.randomUUID(), PEER, false, remote, Suite.A256GCM, Instant.now()),
                    this,
                    true);
        }

        void answers(UUID instance) {
            watch.received(session, new Record.Instance(instance, Record.InstanceWord.ANSWER), null);
        }

        void ends() {
            Ending ending = new Ending(Ending.How.LOST, Failure.NORMAL, 0, "", "gone");
            sessions.ended(session, ending);
            watch.sessionEnded(session, ending);
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean send(Record record) {
            if (record instanceof Record.Instance instance && instance.word() == Record.InstanceWord.ASK) {
                asked++;
            }
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
