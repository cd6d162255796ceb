package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.trust.AddressKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressQuotaTest {

    private static final AddressKey A = new AddressKey("192.0.2.1");
    private static final AddressKey B = new AddressKey("192.0.2.2");

    @Test
    void allowsTheBurstThenTheRate() {
        AddressQuota quota = new AddressQuota(10, 20);
        assertThat(taken(quota, A, 100, 0)).isEqualTo(20);
        assertThat(taken(quota, A, 100, 1_000)).isEqualTo(10);
        assertThat(taken(quota, A, 100, 1_050)).isZero();
        assertThat(taken(quota, A, 100, 1_100)).isOne();
    }

    @Test
    void neverSavesUpMoreThanTheBurst() {
        AddressQuota quota = new AddressQuota(10, 20);
        taken(quota, A, 20, 0);
        assertThat(taken(quota, A, 100, 3_600_000)).isEqualTo(20);
    }

    @Test
    void oneAddressDoesNotUseUpAnothers() {
        AddressQuota quota = new AddressQuota(10, 20);
        taken(quota, A, 100, 0);
        assertThat(quota.take(B, 0)).isTrue();
    }

    private static long taken(AddressQuota quota, AddressKey address, int tries, long now) {
        return IntStream.range(0, tries).filter(i -> quota.take(address, now)).count();
    }
}
