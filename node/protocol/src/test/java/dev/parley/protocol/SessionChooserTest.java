package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.SessionChooser.Action;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionChooserTest {
    private static final PeerId LOW = PeerId.of(new byte[PeerId.LENGTH]);
    private static final PeerId HIGH = high();
    private static final int SIMULATIONS = 5_000;

    @Test
    void ofTheSameInitiatorTheLastStays() {
        for (boolean own : new boolean[] {true, false}) {
            SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
            assertThat(decider.up("first", own, 0)).isEmpty();
            assertThat(decider.up("second", own, 1)).containsExactly(new Action.Close<>("first", Failure.REPLACED));
            assertThat(decider.preferred()).contains("second");
        }
    }

    @Test
    void theDecidersOwnStaysWhereItIsTheNewer() {
        SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
        decider.up("theirs", false, 0);
        assertThat(decider.up("own", true, 1)).containsExactly(new Action.Close<>("theirs", Failure.REPLACED));
    }

    @Test
    void theDecidersOlderOneStaysIfItAnswersInTime() {
        SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
        decider.up("own", true, 0);
        assertThat(decider.up("theirs", false, 1_000)).containsExactly(new Action.Ping<>("own"));
        assertThat(decider.deadline()).isEqualTo(3_000);
        assertThat(decider.heard("theirs", 1_500)).isEmpty();
        assertThat(decider.preferred()).contains("theirs");
        assertThat(decider.heard("own", 3_000)).containsExactly(new Action.Close<>("theirs", Failure.REPLACED));
        assertThat(decider.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(decider.preferred()).contains("own");
    }

    @Test
    void theDecidersOlderOneGoesIfItIsSilent() {
        SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
        decider.up("own", true, 0);
        decider.up("theirs", false, 1_000);
        assertThat(decider.tick(2_999)).isEmpty();
        assertThat(decider.tick(3_000)).containsExactly(new Action.Close<>("own", Failure.REPLACED));
        assertThat(decider.preferred()).contains("theirs");
    }

    @Test
    void aLaterChallengerTakesTheChallengersPlace() {
        SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
        decider.up("own", true, 0);
        decider.up("theirs", false, 1_000);
        assertThat(decider.up("theirs too", false, 2_000))
                .containsExactly(new Action.Close<>("theirs", Failure.REPLACED));
        assertThat(decider.tick(3_000)).containsExactly(new Action.Close<>("own", Failure.REPLACED));
        assertThat(decider.preferred()).contains("theirs too");
    }

    @Test
    void anEndedSessionEndsTheProbe() {
        SessionChooser<String> decider = new SessionChooser<>(LOW, HIGH);
        decider.up("own", true, 0);
        decider.up("theirs", false, 1_000);
        decider.ended("own");
        assertThat(decider.tick(5_000)).isEmpty();
        assertThat(decider.preferred()).contains("theirs");
        decider.ended("theirs");
        assertThat(decider.preferred()).isEmpty();
    }

    @Test
    void theOtherNodeKeepsFourAndClosesTheOldestOfMore() {
        SessionChooser<Integer> other = new SessionChooser<>(HIGH, LOW);
        for (int i = 0; i < SessionChooser.MOST; i++) {
            assertThat(other.up(i, i % 2 == 0, i)).isEmpty();
        }
        assertThat(other.up(SessionChooser.MOST, true, 9)).containsExactly(new Action.Close<>(0, Failure.BUSY));
        assertThat(other.heard(2, 10)).isEmpty();
        assertThat(other.preferred()).contains(2);
    }

    @Test
    void aNodeHasNoSessionsWithItself() {
        assertThatThrownBy(() -> new SessionChooser<>(LOW, LOW)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Two nodes, as many dials as both keep at any time from either, any delays: one session stays, the same at both. */
    @Test
    void whateverTheOrderOneSessionStaysAtBoth() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < SIMULATIONS; i++) {
            String name = "seed " + seed + " simulation " + i;
            assertThat(new Simulation(random).run(name, 1 + random.nextInt(SessionChooser.MOST)))
                    .as(name)
                    .hasSize(1);
        }
    }

    /**
     * Of more than it keeps, the other node may close for room the very session that the decider has chosen, before it is
     * told. Then none stays, at both, and they dial anew; what may not be is that one has a session which the other has not.
     */
    @Test
    void ofMoreThanAreKeptBothHaveTheSameOneOrNone() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < SIMULATIONS; i++) {
            String name = "seed " + seed + " simulation " + i;
            int dials = SessionChooser.MOST + 1 + random.nextInt(SessionChooser.MOST);
            assertThat(new Simulation(random).run(name, dials)).as(name).hasSizeLessThan(2);
        }
    }

    private static PeerId high() {
        byte[] bytes = new byte[PeerId.LENGTH];
        // Negative as a signed byte: the order must be the unsigned one.
        bytes[0] = (byte) 0x80;
        return PeerId.of(bytes);
    }

    /** Sessions come up at each node at their own times; PING, PONG and CLOSE take their time to travel. */
    private static final class Simulation {
        private record Event(long at, int order, Runnable action) {}

        private static final int SPREAD = 6_000;
        private static final int DELAY = 900;

        private final Random random;
        private final PriorityQueue<Event> events = new PriorityQueue<>(
                java.util.Comparator.comparingLong(Event::at).thenComparingInt(Event::order));
        private final Node low = new Node(LOW, HIGH);
        private final Node high = new Node(HIGH, LOW);
        private long now;
        private int order;

        Simulation(Random random) {
            this.random = random;
            low.other = high;
            high.other = low;
        }

        /** Lets all of it happen; returns what is open at the end, which is the same at both. */
        List<Integer> run(String name, int dials) {
            for (int i = 0; i < dials; i++) {
                int session = i;
                boolean fromLow = random.nextBoolean();
                int at = random.nextInt(SPREAD);
                // The responder counts it first, the initiator when the first record is there.
                Node initiator = fromLow ? low : high;
                after(at, () -> initiator.other.up(session, false));
                after(at + 1 + random.nextInt(DELAY), () -> initiator.up(session, true));
            }
            while (!events.isEmpty() || low.chooser.deadline() != Long.MAX_VALUE) {
                if (!events.isEmpty() && events.peek().at() < low.chooser.deadline()) {
                    Event event = events.remove();
                    now = event.at();
                    event.action().run();
                } else {
                    now = low.chooser.deadline();
                    low.act(low.chooser.tick(now));
                }
            }
            assertThat(low.open).as(name).isEqualTo(high.open);
            assertThat(low.chooser.preferred().stream().toList()).as(name).isEqualTo(low.open);
            assertThat(high.chooser.preferred().stream().toList()).as(name).isEqualTo(high.open);
            return low.open;
        }

        private void after(long delay, Runnable action) {
            events.add(new Event(now + delay, order++, action));
        }

        private final class Node {
            private final SessionChooser<Integer> chooser;
            private final List<Integer> open = new ArrayList<>();
            private final List<Integer> gone = new ArrayList<>();
            private Node other;

            Node(PeerId self, PeerId peer) {
                chooser = new SessionChooser<>(self, peer);
            }

            void up(int session, boolean initiatedHere) {
                if (!gone.contains(session)) {
                    open.add(session);
                    act(chooser.up(session, initiatedHere, now));
                    // Whatever a node sends first is heard at the other side.
                    after(1 + random.nextInt(DELAY), () -> other.heard(session));
                }
            }

            void heard(int session) {
                if (open.contains(session)) {
                    act(chooser.heard(session, now));
                }
            }

            void act(List<Action<Integer>> actions) {
                for (Action<Integer> action : actions) {
                    int session = action.session();
                    if (action instanceof Action.Ping<Integer>) {
                        after(1 + random.nextInt(DELAY), () -> other.answer(session));
                    } else {
                        close(session);
                        after(1 + random.nextInt(DELAY), () -> other.close(session));
                    }
                }
            }

            void answer(int session) {
                if (open.contains(session)) {
                    heard(session);
                    after(1 + random.nextInt(DELAY), () -> other.heard(session));
                }
            }

            void close(int session) {
                gone.add(session);
                open.remove((Integer) session);
                chooser.ended(session);
            }
        }
    }
}
