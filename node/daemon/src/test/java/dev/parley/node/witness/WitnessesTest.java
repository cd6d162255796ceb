package dev.parley.node.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.evidence.LineHead;
import dev.parley.evidence.SignedHead;
import dev.parley.node.control.TcpProfile;
import dev.parley.protocol.crypto.PeerId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of heads; that they are signed was checked before. */
@QuarkusTest
@TestProfile(TcpProfile.class)
class WitnessesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Inject
    Witnesses witnesses;

    private final PeerId peer = peer();

    private static PeerId peer() {
        byte[] id = new byte[32];
        new Random().nextBytes(id);
        return PeerId.of(id);
    }

    private Optional<Witnesses.Conflict> keep(long seq, int content, Instant time) {
        byte[] hash = ByteBuffer.allocate(32).putLong(seq).putInt(content).array();
        return witnesses
                .keep(new SignedHead(peer, seq, hash, LineHead.time(time), new byte[256]), time)
                .join();
    }

    private List<Long> held() {
        return witnesses.of(peer).join().stream().map(each -> each.head().seq()).toList();
    }

    @Test
    void keepsTheFirstTheLatestAndOneADayForNinetyDays() {
        for (int i = 0; i < 200 * 4; i++) {
            assertThat(keep(i + 1, 0, NOW.plus(DAY.dividedBy(4).multipliedBy(i))))
                    .isEmpty();
        }
        assertThat(held()).startsWith(1L).endsWith(800L).isSorted();
        assertThat(held().size()).isBetween(Witnesses.DAYS, Witnesses.DAYS + 3);
        assertThat(witnesses.latest(peer).join().orElseThrow().seq()).isEqualTo(800);
        // What the peer said in the meantime is still there to contradict it.
        assertThat(keep(held().get(50), 1, NOW.plus(DAY.multipliedBy(201)))).isPresent();
    }

    @Test
    void seesEveryStepBack() {
        assertThat(keep(10, 0, NOW)).isEmpty();
        assertThat(keep(11, 0, NOW.minusSeconds(Witnesses.TOLERANCE_SECONDS))).isEmpty();
        assertThat(keep(12, 0, NOW.minusSeconds(2 * Witnesses.TOLERANCE_SECONDS + 1)))
                .isPresent();
        assertThat(keep(13, 0, NOW)).isEmpty();
        assertThat(keep(12, 1, NOW.plusSeconds(1)))
                .get()
                .satisfies(conflict -> assertThat(conflict.problem()).contains("another hash"));
        assertThat(keep(5, 0, NOW.plusSeconds(2))).isPresent();
        // The peer goes on from there: that is told once.
        assertThat(keep(6, 0, NOW.plusSeconds(3))).isEmpty();
        assertThat(witnesses.of(peer).join())
                .filteredOn(Witnesses.Held::evidence)
                .hasSize(4);
    }

    @Test
    void evidenceIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            keep(10 + i % 2, i, NOW.plusSeconds(i));
        }
        assertThat(held()).hasSizeLessThan(Witnesses.EVIDENCE + 5);
    }
}
