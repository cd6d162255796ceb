package dev.parley.client.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.admin.LimitsInfo;
import dev.parley.admin.NodeStats;
import dev.parley.admin.SessionInfo;
import dev.parley.admin.SessionState;
import dev.parley.admin.TransferState;
import dev.parley.client.text.Style;
import dev.parley.client.text.Width;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From two snapshots and a choice to what is on the screen. */
class TopTextTest {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String PEER = "bob2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final List<LimitsInfo.HeldBack> HELD = List.of(
            held("203.0.113.7", 113, false),
            held("2001:db8:1234:5678::/64", 59, true),
            held("203.0.113.8", 5000, false),
            held("203.0.113.9", 0, false));
    private static final Style PLAIN = new Style(false);

    private static LimitsInfo.HeldBack held(String address, int secondsLeft, boolean trusted) {
        return new LimitsInfo.HeldBack(address, 1840, 97, NOW.minusSeconds(120), NOW.plusSeconds(secondsLeft), trusted);
    }

    private static Choice choice(Choice.Sort sort, UUID selected, Choice.View view) {
        return new Choice(sort, selected, view, 0, false, false);
    }

    private static SessionInfo session(int n, String alias, long bytes) {
        return new SessionInfo(
                new UUID(0, n),
                PEER,
                alias,
                "192.0.2." + n % 256 + ":3001",
                true,
                "A256GCM",
                SessionState.UP,
                NOW.minusSeconds(60),
                NOW.minusSeconds(1),
                2,
                bytes / 100,
                bytes / 200,
                bytes,
                2 * bytes);
    }

    private static NodeStats stats(Instant at, List<SessionInfo> sessions, long total) {
        return new NodeStats(
                at,
                "alic" + PEER.substring(4),
                "alice",
                START,
                true,
                true,
                77,
                total,
                1 << 20,
                new NodeStats.Traffic(total / 100, total / 200, total, 2 * total),
                new NodeStats.Outbox(3, 2048, NOW.minusSeconds(90)),
                1,
                2,
                HELD.size(),
                HELD,
                0,
                Map.of("held-back", total / 1000, "half-open", 0L),
                1L << 40,
                sessions,
                List.of(new NodeStats.Transfer(new UUID(1, 1), true, PEER, "bob", TransferState.RUNNING, 1000, 250)),
                1);
    }

    private static Rates rates(SessionInfo... sessions) {
        return Rates.between(stats(NOW.minusSeconds(2), List.of(), 0), stats(NOW, List.of(sessions), 4096));
    }

    private static List<String> lines(int columns, int rows, Rates rates, Choice choice) {
        return new TopText(columns, rows, PLAIN).lines(rates, choice, null);
    }

    @Test
    void ratesAreDifferencesASecond() {
        SessionInfo before = session(1, "bob", 1000);
        SessionInfo after = session(1, "bob", 3000);
        Rates rates = Rates.between(
                stats(NOW.minusSeconds(4), List.of(before), 1000),
                stats(NOW, List.of(after, session(2, "new", 400)), 9000));
        assertThat(rates.sessions().getFirst().flow()).isEqualTo(new Rates.Flow(2.5, 5, 1000, 500));
        assertThat(rates.sessions().getLast().flow()).isEqualTo(new Rates.Flow(0.5, 1, 200, 100));
        assertThat(rates.total()).isEqualTo(new Rates.Flow(10, 20, 4000, 2000));
        assertThat(rates.cpu()).isEqualTo(200);
        assertThat(rates.refusedRate()).isEqualTo(2);
    }

    @Test
    void aNodeThatStartedAgainAndAClockThatWentBackHaveNoRates() {
        NodeStats before = stats(NOW, List.of(session(1, "bob", 5000)), 9000);
        NodeStats fewer = stats(NOW.plusSeconds(1), List.of(session(1, "bob", 100)), 10);
        assertThat(Rates.between(before, fewer).total()).isEqualTo(Rates.Flow.NONE);
        NodeStats earlier = stats(NOW.minusSeconds(9), List.of(session(1, "bob", 6000)), 9999);
        assertThat(Rates.between(before, earlier).sessions().getFirst().flow()).isEqualTo(Rates.Flow.NONE);
        assertThat(Rates.between(null, before).total()).isEqualTo(Rates.Flow.NONE);
    }

    @Test
    void everythingOnAWideTerminal() {
        assertThat(lines(110, 24, rates(session(1, "bob", 2048)), Choice.START))
                .containsSubsequence(
                        "alice  alicaaaa  up 2 h 0 m  ready", "in 4.0 KiB/s 10 msg/s  out 2.0 KiB/s 20 msg/s")
                .anyMatch(line -> line.startsWith("outbox 3 (2.0 KiB), oldest 1 m  unread 1  pending peers 2"))
                .anyMatch(line -> line.startsWith("held back 4  refused 4 (2.0/s)"))
                .contains("files 1: to bob running 25% of 1000 B")
                .anyMatch(line -> line.startsWith(">bob")
                        && line.contains("2.0 KiB")
                        && line.endsWith("192.0.2.1:3001"
                                + " "
                                        .repeat(line.length()
                                                - line.stripTrailing().length())));
    }

    @ParameterizedTest
    @CsvSource({"40, 24", "40, 10", "110, 10", "20, 5", "1, 1", "7, 3", "80, 24", "200, 60"})
    void nothingIsWiderOrLongerThanTheTerminal(int columns, int rows) {
        List<SessionInfo> many = IntStream.range(0, 1000)
                .mapToObj(n -> session(n, n % 3 == 0 ? null : "名前" + n, n))
                .toList();
        Rates rates = rates(many.toArray(SessionInfo[]::new));
        Choice selected = choice(Choice.Sort.NAME, new UUID(0, 500), Choice.View.SESSIONS);
        for (Choice choice : List.of(
                Choice.START,
                selected,
                new Choice(Choice.Sort.AGE, new UUID(0, 500), Choice.View.SESSION, 0, false, true),
                choice(Choice.Sort.AGE, null, Choice.View.LIMITS),
                new Choice(Choice.Sort.AGE, null, Choice.View.LIMITS, 0, true, false))) {
            List<String> lines = lines(columns, rows, rates, choice);
            assertThat(lines).hasSizeLessThanOrEqualTo(rows);
            assertThat(lines).allSatisfy(line -> assertThat(Width.of(line)).isLessThanOrEqualTo(columns));
        }
        if (rows >= 5) {
            assertThat(lines(columns, rows, rates, selected)).anyMatch(line -> line.startsWith(">"));
        }
    }

    @Test
    void whatPeersAreCalledCannotMoveTheCursor() {
        Rates rates = rates(session(1, "\033[2Jevil\u202e\n", 10));
        Choice detail = choice(Choice.Sort.ACTIVITY, new UUID(0, 1), Choice.View.SESSION);
        for (Choice choice : List.of(Choice.START, detail)) {
            assertThat(String.join("", lines(100, 24, rates, choice)))
                    .contains("\\x1b[2Jevil")
                    .doesNotContain("\033", "\u202e", "\n");
        }
    }

    @Test
    void theBarStaysOnItsSessionWhateverTheOrder() {
        Rates rates = rates(session(1, "zoe", 10), session(2, "bob", 5000), session(3, "amy", 100));
        Choice choice = Choice.START;
        assertThat(choice.sorted(rates))
                .extracting(row -> row.session().alias())
                .containsExactly("bob", "amy", "zoe");
        choice = choice.after(Choice.Key.DOWN, rates, 10);
        assertThat(choice.selected()).isEqualTo(new UUID(0, 3));
        choice = choice.after(Choice.Key.SORT, rates, 10).after(Choice.Key.SORT, rates(), 10);
        assertThat(choice.sort()).isEqualTo(Choice.Sort.NAME);
        assertThat(choice.place(choice.sorted(rates))).isZero();
        choice = choice.after(Choice.Key.ENTER, rates, 10);
        assertThat(lines(100, 24, rates, choice)).contains("peer      amy");
        assertThat(lines(100, 24, rates(), choice)).contains("this session has ended; Esc leads back");
        choice = choice.after(Choice.Key.BACK, rates, 10);
        assertThat(choice.view()).isEqualTo(Choice.View.SESSIONS);
        for (Choice.Key key : Choice.Key.values()) {
            assertThat(choice.after(key, rates(), 0)).isNotNull();
        }
        assertThat(choice.after(Choice.Key.END, rates, 10).selected()).isEqualTo(new UUID(0, 1));
    }

    @Test
    void whoIsRefusedByReasonAndHeldBackByAddress() {
        Choice limits = Choice.START.after(Choice.Key.LIMITS, rates(), 10);
        assertThat(lines(80, 24, rates(), limits))
                .containsSubsequence(
                        "REFUSED       A SECOND    IN ALL  BECAUSE",
                        "held-back          2.0         4  their address is held back",
                        "half-open            0         0  too many handshakes under way",
                        "",
                        "4 ADDRESSES HELD BACK       FREE IN      COST   REFUSED  HELD FOR  ",
                        "203.0.113.7                1 m 53 s      1840        97       2 m  ",
                        "2001:db8:1234:5678::/64        59 s      1840        97       2 m  trusted peers",
                        "203.0.113.8                1 h 23 m      1840        97       2 m  ",
                        "203.0.113.9                     0 s      1840        97       2 m  ");
        // However narrow: who, and for how long.
        assertThat(lines(40, 10, rates(), limits))
                .contains("refused: held-back 4 (2.0/s), half-open…")
                .anyMatch(line -> line.startsWith("203.0.113.7      1 m 53 s"));
        assertThat(limits.after(Choice.Key.LIMITS, rates(), 10)).isEqualTo(Choice.START);
        assertThat(limits.after(Choice.Key.BACK, rates(), 10)).isEqualTo(Choice.START);
    }

    @Test
    void theAddressesScrollAsFarAsThereAreAny() {
        Choice limits = Choice.START.after(Choice.Key.LIMITS, rates(), 2);
        assertThat(limits.after(Choice.Key.UP, rates(), 2).from()).isZero();
        Choice end = limits.after(Choice.Key.END, rates(), 2).after(Choice.Key.DOWN, rates(), 2);
        assertThat(end.from()).isEqualTo(2);
        int page = new TopText(80, 14, PLAIN).page(rates(), end);
        assertThat(page).isEqualTo(3);
        assertThat(lines(80, 14, rates(), end)).hasSize(14).last().asString().startsWith("203.0.113.9 ");
        assertThat(end.after(Choice.Key.HOME, rates(), 2)).isEqualTo(limits);
    }

    @Test
    void aNodeThatIsOlderThanTheListOfAddresses() {
        NodeStats now = stats(NOW, List.of(), 4096);
        NodeStats older = new NodeStats(
                now.at(),
                now.peerId(),
                now.name(),
                now.startedAt(),
                true,
                true,
                7,
                1L,
                1,
                now.total(),
                now.outbox(),
                0,
                0,
                4,
                null,
                0,
                now.refused(),
                1,
                List.of(),
                List.of(),
                0);
        Choice limits = Choice.START.after(Choice.Key.LIMITS, rates(), 2);
        assertThat(lines(80, 24, Rates.between(null, older), limits))
                .contains("this node does not say which; `parley limits` does");
    }

    @Test
    void aNodeThatIsAwayIsSaidAndItsLastFiguresStay() {
        List<String> lines =
                new TopText(100, 24, PLAIN).lines(rates(session(1, "bob", 10)), Choice.START, "it was stopped");
        assertThat(lines.getFirst()).contains("AWAY: it was stopped");
        assertThat(lines).anyMatch(line -> line.startsWith(">bob"));
        assertThat(new TopText(100, 24, PLAIN).lines(null, Choice.START, "gone"))
                .containsExactly("waiting for the node: gone");
    }

    @Test
    void aThousandSessionsAreQuick() {
        List<SessionInfo> many = new ArrayList<>();
        IntStream.range(0, 1000).forEach(n -> many.add(session(n, "peer" + n, n)));
        NodeStats before = stats(NOW.minusSeconds(1), many, 1);
        NodeStats now = stats(NOW, many, 2);
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            lines(100, 24, Rates.between(before, now), Choice.START);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
