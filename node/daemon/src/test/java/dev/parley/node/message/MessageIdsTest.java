package dev.parley.node.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

    @Test
    void areUuidsOfVersion7ThatIncreaseWhateverTheClockDoes() {
        Random random = new Random(7);
        MessageIds ids = new MessageIds(random);
        long clock = 1_800_000_000_000L;
        UUID last = new UUID(0, 0);
        for (int i = 0; i < 100_000; i++) {
            clock += random.nextInt(3) - 1;
            UUID id = ids.next(clock);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(MessageIds.ORDER.compare(last, id)).isNegative();
            last = id;
        }
    }

    @Test
    void carryTheTime() {
        UUID id = new MessageIds(new Random(1)).next(1_800_000_000_123L);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(1_800_000_000_123L);
    }

    @Test
    void areOrderedAsUnsignedNumbers() {
        assertThat(MessageIds.ORDER.compare(new UUID(-1, 0), new UUID(1, 0))).isPositive();
        assertThat(MessageIds.ORDER.compare(new UUID(1, -1), new UUID(1, 1))).isPositive();
        assertThat(MessageIds.ORDER.compare(new UUID(1, 1), new UUID(1, 1))).isZero();
    }
}
