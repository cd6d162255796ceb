package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.PeerId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom to dial, without a network: many nodes that each hold a table, and a clock that the test turns. */
class PeerTableTest {
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** The longest first wait: five times the least. */
    private static final long AFTER_LOSS = 5_000;

    private final Random random = new Random(11);

    @Test
    void ofTwoThatFindEachOtherExactlyOneDials() {
        PeerAddress low = address(1);
        PeerAddress high = address(2);
        PeerTable ofLow = table(Set.of(low, high));
        PeerTable ofHigh = table(Set.of(low, high));
        assertThat(due(ofLow, 0, Set.of(low), List.of())).containsExactly(high);
        for (long at = 0; at < 10_000; at += 500) {
            assertThat(due(ofHigh, at, Set.of(high), List.of())).isEmpty();
        }
        // The other ought to have, and did not.
        assertThat(due(ofHigh, 15_001, Set.of(high), List.of())).containsExactly(low);
    }

    @Test
    void whoDoesNotFindItselfDialsAllAndWhoMeetsItselfNeverDoesSoAgain() {
        PeerAddress self = address(5);
        PeerTable table = table(Set.of(address(1), self, address(9)));
        assertThat(due(table, 0, Set.of(), List.of())).containsExactly(address(1), self, address(9));
        table.isSelf(self);
        table.failed(address(1), Optional.empty(), 0);
        table.failed(address(9), Optional.empty(), 0);
        for (long at = 0; at < 3_600_000; at += 500) {
            List<PeerAddress> due = due(table, at, Set.of(), List.of());
            assertThat(due).doesNotContain(self);
            for (PeerAddress each : due) {
                table.failed(each, Optional.empty(), at);
            }
        }
    }

    @Test
    void whereEachAddressStands() {
        PeerAddress low = address(1);
        PeerAddress self = address(5);
        PeerAddress high = address(9);
        PeerTable table = table(Set.of(low, self, high));
        due(table, 0, Set.of(self), List.of());
        table.failed(high, Optional.empty(), 0);
        var failure = new PeerTable.Failure(DialOutcome.failed(DialOutcome.Kind.FAILED, "refused"), Instant.EPOCH);
        table.note(high, failure);
        assertThat(table.standings(Set.of(self), List.of()))
                .containsExactly(
                        new PeerTable.Standing(low, Optional.empty(), false, false, false, 0, Optional.empty()),
                        new PeerTable.Standing(self, Optional.empty(), true, false, false, 0, Optional.empty()),
                        new PeerTable.Standing(high, Optional.empty(), false, false, true, 1, Optional.of(failure)));
        // It has come in itself: what was in vain before says nothing any more.
        var live = new PeerTable.Live(peer(1), Optional.empty(), Optional.of(high.ip()), "");
        due(table, 1, Set.of(self), List.of(live));
        assertThat(table.standings(Set.of(self), List.of(live)).getLast())
                .isEqualTo(new PeerTable.Standing(high, Optional.of(peer(1)), false, true, true, 0, Optional.empty()));
    }

    @Test
    void aSessionIsKnownByWhatItShows() {
        PeerId peer = peer(1);
        PeerAddress address = address(7);
        for (PeerTable.Live live : List.of(
                new PeerTable.Live(peer, Optional.of(address), Optional.empty(), ""),
                new PeerTable.Live(peer, Optional.empty(), Optional.of(address.ip()), ""),
                new PeerTable.Live(peer, Optional.empty(), Optional.empty(), address.toString()))) {
            PeerTable table = table(Set.of(address));
            assertThat(due(table, 1_000_000, Set.of(), List.of(live))).isEmpty();
            // It ends, and it is ours to dial.
            assertThat(due(table, 1_000_500, Set.of(), List.of())).isEmpty();
            assertThat(due(table, 1_000_500 + AFTER_LOSS, Set.of(), List.of())).containsExactly(address);
        }
    }

    @Test
    void oneSessionFromASharedAddressDoesNotStandForAllBehindIt() {
        InetAddress shared = InetAddress.ofLiteral("10.0.0.1");
        Set<PeerAddress> three =
                Set.of(new PeerAddress(shared, 1), new PeerAddress(shared, 2), new PeerAddress(shared, 3));
        PeerTable table = table(three);
        var live = new PeerTable.Live(peer(1), Optional.empty(), Optional.of(shared), "");
        assertThat(due(table, 0, Set.of(), List.of(live))).hasSize(3);
    }

    @Test
    void whatIsGoneIsNotDialedAndWhoIsAwayNotYet() {
        PeerTable table = table(Set.of(address(1), address(2)));
        assertThat(table.update(Set.of(address(2), address(3)), 100))
                .isEqualTo(new PeerTable.Change(List.of(address(3)), List.of(address(1))));
        PeerId away = peer(2);
        var live = new PeerTable.Live(away, Optional.of(address(2)), Optional.empty(), "");
        assertThat(due(table, 200, Set.of(), List.of(live))).containsExactly(address(3));
        assertThat(table.due(300, Set.of(), List.of(), away::equals)).isEmpty();
        assertThat(table.due(300 + AFTER_LOSS, Set.of(), List.of(), away::equals))
                .isEmpty();
        assertThat(table.due(300 + AFTER_LOSS, Set.of(), List.of(), ignored -> false))
                .containsExactly(address(2));
    }

    @Test
    void whoLoseAPeerAtOnceComeBackOneByOne() {
        var live = new PeerTable.Live(peer(2), Optional.of(address(2)), Optional.empty(), "");
        Map<Long, Integer> back = new HashMap<>();
        for (int node = 0; node < 100; node++) {
            PeerTable table = table(Set.of(address(2)));
            due(table, 0, Set.of(), List.of(live));
            long at = 1_000;
            while (due(table, at, Set.of(), List.of()).isEmpty()) {
                at += 500;
            }
            back.merge(at, 1, Integer::sum);
        }
        assertThat(back.keySet()).allSatisfy(at -> assertThat(at).isBetween(2_000L, 1_000 + AFTER_LOSS + 500));
        assertThat(back.values()).as("at the same half second").allMatch(count -> count < 35);
    }

    @Test
    void whatHasChangedForTheBetterIsTriedSoonHoweverOftenItWasInVain() {
        PeerTable table = table(Set.of(address(1), address(2)));
        long at = 0;
        for (int failures = 0; failures < 10; failures++) {
            at += 600_000;
            for (PeerAddress each : due(table, at, Set.of(), List.of())) {
                table.failed(each, Optional.empty(), at);
            }
        }
        assertThat(due(table, at + 100_000, Set.of(), List.of())).isEmpty();
        table.retryAll(at + 100_000);
        assertThat(due(table, at + 105_000, Set.of(), List.of())).containsExactly(address(1), address(2));
    }

    @Test
    void neverMoreThanSomeDialsAtOnceWhateverDnsSays() {
        PeerTable table = table(Set.of());
        Set<PeerAddress> open = new HashSet<>();
        for (int round = 0; round < 500; round++) {
            int from = random.nextInt(1_000);
            Set<PeerAddress> now = IntStream.range(from, from + random.nextInt(200))
                    .mapToObj(PeerTableTest::address)
                    .collect(Collectors.toSet());
            table.update(now, round * 500L);
            List<PeerAddress> due = due(table, round * 500L, Set.of(), List.of());
            assertThat(due).noneMatch(open::contains);
            // Those to what is gone go on all the same.
            open.addAll(due);
            assertThat(open).hasSizeLessThanOrEqualTo(PeerTable.DIALS_AT_ONCE);
            for (PeerAddress each : List.copyOf(open)) {
                if (random.nextInt(3) == 0) {
                    open.remove(each);
                    table.failed(each, Optional.empty(), round * 500L);
                }
            }
        }
    }

    /** Views that differ in every way: late, one without itself, one behind another address. Nobody stays alone for long. */
    @Test
    void aFleetBecomesAFullMeshWhateverEachNodeSeesOfIt() {
        for (int run = 0; run < 20; run++) {
            int nodes = 12;
            List<PeerAddress> all =
                    IntStream.range(0, nodes).mapToObj(PeerTableTest::address).toList();
            List<PeerTable> tables = new ArrayList<>();
            List<Set<PeerAddress>> own = new ArrayList<>();
            List<Long> seesAllFrom = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                tables.add(table(Set.of()));
                own.add(random.nextInt(4) == 0 ? Set.of() : Set.of(all.get(i)));
                seesAllFrom.add((long) random.nextInt(5_000));
            }
            Map<Set<Integer>, Integer> sessions = new HashMap<>();
            int doubled = 0;
            for (long at = 0; at <= 30_000; at += 500) {
                for (int i = 0; i < nodes; i++) {
                    if (at >= seesAllFrom.get(i)) {
                        // DNS may lack the node itself, for as long as it is not ready.
                        boolean without = random.nextBoolean() && at < 10_000;
                        int self = i;
                        tables.get(i)
                                .update(
                                        all.stream()
                                                .filter(each -> !without || each != all.get(self))
                                                .collect(Collectors.toSet()),
                                        at);
                    }
                    for (PeerAddress each : due(tables.get(i), at, own.get(i), live(i, sessions.keySet(), all))) {
                        int other = all.indexOf(each);
                        if (other == i) {
                            tables.get(i).isSelf(each);
                        } else {
                            doubled += sessions.put(Set.of(i, other), i) == null ? 0 : 1;
                            tables.get(i).reached(each, peer(other));
                        }
                    }
                }
            }
            assertThat(sessions).as("run %d", run).hasSize(nodes * (nodes - 1) / 2);
            assertThat(doubled).as("dials that found a session there already").isZero();
        }
    }

    private static Collection<PeerTable.Live> live(int of, Set<Set<Integer>> sessions, List<PeerAddress> all) {
        return sessions.stream()
                .filter(each -> each.contains(of))
                .map(each -> each.stream().filter(end -> end != of).findFirst().orElseThrow())
                .map(other -> new PeerTable.Live(
                        peer(other),
                        Optional.empty(),
                        Optional.of(all.get(other).ip()),
                        ""))
                .toList();
    }

    private PeerTable table(Set<PeerAddress> addresses) {
        PeerTable table = new PeerTable(EVERY, Duration.ofSeconds(1), Duration.ofMinutes(5), random);
        table.update(addresses, 0);
        return table;
    }

    private static List<PeerAddress> due(
            PeerTable table, long at, Set<PeerAddress> own, Collection<PeerTable.Live> live) {
        return table.due(at, own, live, ignored -> false);
    }

    private static PeerAddress address(int number) {
        return new PeerAddress(InetAddress.ofLiteral("10.0." + (number >> 8) + "." + (number & 255)), 3001);
    }

    private static PeerId peer(int number) {
        byte[] hash = new byte[32];
        hash[0] = (byte) number;
        return PeerId.of(hash);
    }
}
