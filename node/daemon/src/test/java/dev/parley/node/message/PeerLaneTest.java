package dev.parley.node.message;

import static dev.parley.node.message.PeerLane.Claim.ANOTHERS;
import static dev.parley.node.message.PeerLane.Claim.ENDED;
import static dev.parley.node.message.PeerLane.Claim.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PeerLaneTest {
    private final PeerLane lane = new PeerLane();
    private final List<String> woken = new ArrayList<>();
    private final Runnable one = () -> woken.add("one");
    private final Runnable other = () -> woken.add("other");

    @Test
    void aMessageIsOnItsWayOverOneSessionAtATime() {
        assertThat(lane.claim(1, one)).isEqualTo(OURS);
        assertThat(lane.claim(1, other)).isEqualTo(ANOTHERS);
        assertThat(lane.claim(2, other)).isEqualTo(OURS);
        assertThat(woken).isEmpty();
    }

    @Test
    void whoeverWaitsIsToldOnceWhenASessionGivesItBack() {
        lane.claim(1, one);
        lane.claim(1, other);
        lane.claim(1, other);
        lane.release(1);
        assertThat(woken).containsExactly("other");
        assertThat(lane.claim(1, other)).isEqualTo(OURS);
        lane.release(1);
        assertThat(woken).as("nobody waits any more").containsExactly("other");
    }

    @Test
    void whoeverWaitsIsToldWhenItIsAnsweredAndNobodySendsItAgain() {
        lane.claim(1, one);
        lane.claim(1, other);
        lane.answered(1);
        assertThat(woken).containsExactly("other");
        assertThat(lane.claim(1, other)).isEqualTo(ENDED);
        assertThat(lane.claim(2, other)).isEqualTo(OURS);
    }

    @Test
    void whatAPeerMayHaveWithoutTheStoreKnowingIsBounded() {
        for (long seq = 1; seq <= PeerLane.UNRECORDED; seq++) {
            assertThat(lane.isAheadOfStore(one)).isFalse();
            lane.claim(seq, one);
            lane.sealed(seq);
        }
        assertThat(lane.isAheadOfStore(one)).isTrue();
        for (int left = PeerLane.UNRECORDED - 1; left > PeerLane.UNRECORDED / 2; left--) {
            lane.recorded();
        }
        assertThat(woken).as("room for a few").isEmpty();
        lane.recorded();
        assertThat(woken).as("room for many").containsExactly("one");
        assertThat(lane.isAheadOfStore(one)).isFalse();
    }

    @Test
    void whatWasSealedTwiceOrByAnEarlierProcessMayBeKnownToThePeer() {
        lane.sealed(1);
        assertThat(lane.sealedOnce(waiting(1, false))).isTrue();
        assertThat(lane.sealedOnce(waiting(1, true))).isFalse();
        lane.sealed(1);
        assertThat(lane.sealedOnce(waiting(1, false))).isFalse();
        assertThat(lane.sealedOnce(waiting(2, false))).isFalse();
    }

    @Test
    void whatIsOnItsWayCannotBeTakenBack() {
        lane.claim(1, one);
        assertThat(lane.withdraw(1)).isFalse();
        lane.release(1);
        assertThat(lane.withdraw(1)).isTrue();
        assertThat(lane.claim(1, one)).isEqualTo(ENDED);
    }

    private static OutboxTable.Waiting waiting(long seq, boolean sentBefore) {
        var record = new Record.Message(
                new UUID(0x7000, 0x8000_0000_0000_0000L | seq), 0, Record.Scope.DIRECT, "", "", new byte[0]);
        return new OutboxTable.Waiting(
                new OutgoingMessage(seq, record, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), Optional.empty()),
                sentBefore);
    }
}
