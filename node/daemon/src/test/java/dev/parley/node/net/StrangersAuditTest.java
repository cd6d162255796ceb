package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent.ConnectionClosed;
import dev.parley.node.audit.ConnectionEvent.ConnectionOpened;
import dev.parley.node.audit.ConnectionEvent.PenaltyBegun;
import dev.parley.node.audit.ConnectionEvent.PenaltyEnded;
import dev.parley.node.audit.ConnectionEvent.StrangersSuppressed;
import dev.parley.node.audit.FleetEvent.PeerRevoked;
import dev.parley.node.audit.HandshakeEvent.HandshakeCompleted;
import dev.parley.node.audit.HandshakeEvent.HandshakeFailed;
import dev.parley.node.audit.HandshakeEvent.HandshakeStarted;
import dev.parley.node.audit.HandshakeEvent.QuotaExceeded;
import dev.parley.node.audit.Level;
import dev.parley.node.audit.PeerEvent.PeerNotQueued;
import dev.parley.node.audit.SessionEvent.SessionRefused;
import dev.parley.node.audit.SessionEvent.SessionUp;
import dev.parley.node.audit.SessionEvent.Tampering;
import dev.parley.node.trust.AddressKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StrangersAuditTest {

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final AddressKey ONE = new AddressKey("192.0.2.1");
    private static final AddressKey TWO = new AddressKey("192.0.2.2");
    private static final String PEER = "mi5ickiixy56334aiembfgiyx4ojc7nh5sepi3wxo63aitrxurgq";

    private final List<AuditEvent> log = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private long connections;

    @Test
    void theFirstConnectionsOfAnAddressAreToldAndTheOthersAreOneLineAWindow() {
        StrangersAudit strangers = strangers(2, 10);
        for (int i = 0; i < 7; i++) {
            fails(strangers, ONE);
        }
        assertThat(log).hasSize(2 * 4).noneMatch(StrangersSuppressed.class::isInstance);
        assertThat(of(ConnectionOpened.class))
                .extracting(ConnectionOpened::connection)
                .containsExactly(1L, 2L);
        endWindow();
        // The clock is asked for what is held back alone: four events of each of five connections.
        assertThat(log.getLast())
                .isEqualTo(new StrangersSuppressed(
                        "192.0.2.1", NOON, NOON.plusMillis(19), 5, 5, 0, 5, 0, 0, 0, 0, 0, 5, 0, 0));
        assertThat(log.getLast().level()).isEqualTo(Level.WARN);
    }

    @Test
    void aRevokedKeyThatComesAgainAndAgainIsCounted() {
        StrangersAudit strangers = strangers(0, 10, 10);
        for (int i = 0; i < 1_000; i++) {
            AuditLog connection = opens(strangers, ONE);
            connection.record(completed());
            connection.record(new PeerRevoked(PEER, null, "192.0.2.1:4711", PEER));
            connection.record(closed());
        }
        assertThat(of(PeerRevoked.class)).hasSize(10);
        int lines = log.size();
        endWindow();
        assertThat(log).hasSize(lines + 1);
        assertThat(of(StrangersSuppressed.class))
                .singleElement()
                .satisfies(sum -> assertThat(sum.peersRevoked()).isEqualTo(990));
    }

    @Test
    void aQuietWindowHasNoLineAndTheNextBeginsAfresh() {
        StrangersAudit strangers = strangers(1, 10);
        fails(strangers, ONE);
        endWindow();
        assertThat(log).hasSize(4);
        assertThat(timers).as("an idle node has no timer").isEmpty();
        fails(strangers, ONE);
        assertThat(log).hasSize(8);
        fails(strangers, ONE);
        endWindow();
        assertThat(of(StrangersSuppressed.class))
                .singleElement()
                .satisfies(sum -> assertThat(sum.connectionsOpened()).isEqualTo(1));
    }

    @Test
    void oneAddressDoesNotUseUpWhatAnotherGets() {
        StrangersAudit strangers = strangers(1, 10);
        for (int i = 0; i < 100; i++) {
            fails(strangers, ONE);
        }
        log.clear();
        fails(strangers, TWO);
        assertThat(log).hasSize(4);
    }

    @Test
    void whoProvesAKeyIsToldWholeHoweverCrowdedItsAddress() {
        StrangersAudit strangers = strangers(0, 10);
        fails(strangers, ONE);
        AuditLog connection = opens(strangers, ONE);
        assertThat(log).isEmpty();
        connection.record(completed());
        connection.record(tampering());
        connection.record(closed());
        assertThat(log)
                .hasExactlyElementsOfTypes(
                        ConnectionOpened.class,
                        HandshakeStarted.class,
                        HandshakeCompleted.class,
                        Tampering.class,
                        ConnectionClosed.class);
        endWindow();
        assertThat(of(StrangersSuppressed.class))
                .singleElement()
                .satisfies(sum -> assertThat(sum.connectionsOpened()).isEqualTo(1));
    }

    @Test
    void honestPeersDoNotUseUpWhatTheirAddressGets() {
        StrangersAudit strangers = strangers(1, 10);
        for (int i = 0; i < 3; i++) {
            AuditLog connection = opens(strangers, ONE);
            connection.record(completed());
            connection.record(closed());
        }
        log.clear();
        fails(strangers, ONE);
        assertThat(log).hasSize(4);
        log.clear();
        fails(strangers, ONE);
        assertThat(log).isEmpty();
    }

    @Test
    void anAlarmIsNeverHeldBack() {
        AuditLog connection = opens(strangers(0, 10), ONE);
        connection.record(tampering());
        assertThat(log).hasExactlyElementsOfTypes(Tampering.class);
    }

    @Test
    void addressesBeyondTheBoundAreOneSum() {
        StrangersAudit strangers = strangers(1, 3);
        for (int i = 0; i < 1_000; i++) {
            fails(strangers, new AddressKey("198.51.100." + i));
            fails(strangers, new AddressKey("198.51.100." + i));
        }
        endWindow();
        assertThat(of(ConnectionOpened.class)).hasSize(3);
        assertThat(of(StrangersSuppressed.class))
                .extracting(StrangersSuppressed::source, StrangersSuppressed::connectionsOpened)
                .containsExactlyInAnyOrder(
                        tuple("198.51.100.0", 1L),
                        tuple("198.51.100.1", 1L),
                        tuple("198.51.100.2", 1L),
                        tuple("others", 2L * 997));
    }

    @Test
    void aStopLosesNothingThatIsHeldBack() {
        StrangersAudit strangers = strangers(0, 10);
        fails(strangers, ONE);
        opens(strangers, ONE).record(new QuotaExceeded(connections, "192.0.2.1:1", "test"));
        strangers.stop();
        assertThat(of(StrangersSuppressed.class)).singleElement().satisfies(sum -> {
            assertThat(sum.connectionsOpened()).isEqualTo(2);
            assertThat(sum.quotasExceeded()).isEqualTo(1);
            assertThat(sum.connectionsClosed()).isEqualTo(1);
        });
    }

    @Test
    void manyAddressesTogetherHaveABoundToo() {
        StrangersAudit strangers = strangers(5, 1_000, 3);
        for (int i = 0; i < 100; i++) {
            fails(strangers, new AddressKey("198.51.100." + i));
        }
        assertThat(of(ConnectionOpened.class)).hasSize(3);
        endWindow();
        assertThat(of(StrangersSuppressed.class))
                .hasSize(97)
                .allSatisfy(sum -> assertThat(sum.connectionsOpened()).isEqualTo(1));
        log.clear();
        fails(strangers, ONE);
        assertThat(log).as("the next window begins afresh").hasSize(4);
    }

    @Test
    void newKeysFromManyAddressesAreToldAsFarAsTheyFitAndThenCounted() {
        StrangersAudit strangers = strangers(5, 10, 3);
        for (int i = 0; i < 50; i++) {
            isTurnedAway(strangers, new AddressKey("198.51.100." + i % 10));
        }
        long told = of(ConnectionOpened.class).size();
        assertThat(told).as("of silent ones and of proved ones 3 each").isLessThanOrEqualTo(6);
        assertThat(of(HandshakeCompleted.class)).hasSize((int) told);
        assertThat(of(SessionRefused.class)).hasSize((int) told);
        endWindow();
        List<StrangersSuppressed> sums = of(StrangersSuppressed.class);
        assertThat(sums.stream()
                        .mapToLong(StrangersSuppressed::connectionsOpened)
                        .sum())
                .isEqualTo(50 - told);
        assertThat(sums.stream()
                        .mapToLong(StrangersSuppressed::handshakesCompleted)
                        .sum())
                .isEqualTo(50 - told);
        assertThat(sums.stream().mapToLong(StrangersSuppressed::peersNotQueued).sum())
                .isEqualTo(50 - told);
        assertThat(sums.stream().mapToLong(StrangersSuppressed::sessionsRefused).sum())
                .isEqualTo(50 - told);
        assertThat(sums.stream()
                        .mapToLong(StrangersSuppressed::connectionsClosed)
                        .sum())
                .isEqualTo(50 - told);
    }

    @Test
    void whoIsLetInIsToldWholeHoweverManyStrangersThereAre() {
        StrangersAudit strangers = strangers(5, 10, 1);
        for (int i = 0; i < 20; i++) {
            isTurnedAway(strangers, ONE);
        }
        log.clear();
        AuditLog connection = opens(strangers, TWO);
        connection.record(completed());
        assertThat(log).isEmpty();
        connection.record(
                new SessionUp(UUID.randomUUID(), connections, PEER, null, Role.RESPONDER, "192.0.2.2:1", "A256GCM"));
        assertThat(log)
                .hasExactlyElementsOfTypes(
                        ConnectionOpened.class, HandshakeStarted.class, HandshakeCompleted.class, SessionUp.class);
    }

    @Test
    void penaltiesOfManyAddressesAreBoundedAndCounted() {
        StrangersAudit strangers = strangers(5, 10, 2);
        for (int i = 0; i < 5; i++) {
            strangers.penalty(ONE, new PenaltyBegun("192.0.2.1", 1_000));
        }
        strangers.penalty(ONE, new PenaltyEnded("192.0.2.1", "DECAYED", Duration.ofSeconds(60), 7));
        assertThat(log).hasSize(2);
        endWindow();
        assertThat(of(StrangersSuppressed.class)).singleElement().satisfies(sum -> {
            assertThat(sum.penaltiesBegun()).isEqualTo(3);
            assertThat(sum.penaltiesEnded()).isEqualTo(1);
        });
    }

    private void isTurnedAway(StrangersAudit strangers, AddressKey from) {
        AuditLog connection = opens(strangers, from);
        connection.record(completed());
        connection.record(new PeerNotQueued(PEER, "192.0.2.1:1", "test"));
        connection.record(new SessionRefused(UUID.randomUUID(), PEER, "192.0.2.1:1", 4, "test"));
        connection.record(closed());
    }

    private StrangersAudit strangers(int connectionsInFull, int addresses) {
        return strangers(connectionsInFull, addresses, 1_000_000);
    }

    private StrangersAudit strangers(int connectionsInFull, int addresses, int total) {
        return new StrangersAudit(
                event -> {
                    log.add(event);
                    return CompletableFuture.completedStage(null);
                },
                new StrangersAudit.Limits(WINDOW, connectionsInFull, addresses, total),
                clock,
                (delay, task) -> {
                    assertThat(delay).isEqualTo(WINDOW);
                    timers.add(task);
                });
    }

    private void endWindow() {
        assertThat(timers).as("one timer a window").hasSize(1);
        clock.now = clock.now.plus(WINDOW);
        timers.removeFirst().run();
    }

    /** Opens, and its peer proves nothing. */
    private void fails(StrangersAudit strangers, AddressKey from) {
        AuditLog connection = opens(strangers, from);
        connection.record(new HandshakeFailed(connections, Role.RESPONDER, "192.0.2.1:1", 1, "test", null));
        connection.record(closed());
    }

    private AuditLog opens(StrangersAudit strangers, AddressKey from) {
        AuditLog connection = strangers.connection(from);
        connection.record(new ConnectionOpened(++connections, Role.RESPONDER, "192.0.2.9:1", "192.0.2.1:1"));
        connection.record(new HandshakeStarted(connections, Role.RESPONDER, "192.0.2.1:1"));
        return connection;
    }

    private HandshakeCompleted completed() {
        return new HandshakeCompleted(
                connections,
                Role.RESPONDER,
                "192.0.2.1:1",
                PEER,
                UUID.randomUUID(),
                "A256GCM",
                Duration.ofMillis(7),
                null,
                null);
    }

    private ConnectionClosed closed() {
        return new ConnectionClosed(connections, Role.RESPONDER, "192.0.2.1:1", 1, 1, "test");
    }

    private Tampering tampering() {
        return new Tampering(UUID.randomUUID(), connections, PEER, "192.0.2.1:1", 0, -1);
    }

    private <E extends AuditEvent> List<E> of(Class<E> type) {
        return log.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Begins at noon; each look at it takes a millisecond. */
    private static final class VirtualClock extends Clock {
        private Instant now = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            Instant seen = now;
            now = now.plusMillis(1);
            return seen;
        }
    }
}
