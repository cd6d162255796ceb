package dev.parley.node.message;

import static dev.parley.node.message.PeerLane.Claim.ANOTHERS;
import static dev.parley.node.message.PeerLane.Claim.ENDED;
import static dev.parley.node.message.PeerLane.Claim.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    void whatWasSentAndGivenBackMayBeKnownToThePeer() {
        lane.claim(1, one);
        lane.claim(2, one);
        lane.claim(1, other);
        lane.giveBack(1);
        lane.release(2);
        assertThat(woken).containsExactly("other");
        assertThat(lane.claim(1, other)).isEqualTo(OURS);
        assertThat(lane.wasSent(1)).isTrue();
        assertThat(lane.wasSent(2)).isFalse();
    }

    @Test
    void whatIsOnItsWayCannotBeTakenBack() {
        lane.claim(1, one);
        assertThat(lane.withdraw(1)).isFalse();
        lane.release(1);
        assertThat(lane.withdraw(1)).isTrue();
        assertThat(lane.claim(1, one)).isEqualTo(ENDED);
    }
}
