package dev.parley.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.lab.network.Inbox.Arrived;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with what came is counted, and is a failure. */
class AccountTest {
    private static final List<Arrived> GOOD =
            List.of(new Arrived("1", "one", 1_010), new Arrived("2", "two", 1_030), new Arrived("3", "three", 1_090));

    @Test
    void whatCameOnceInOrderIsGood() {
        Account.Pair pair = pair(GOOD);
        assertThat(pair.good()).isTrue();
        assertThat(pair.delivered()).isEqualTo(3);
        assertThat(pair.p50()).isEqualTo(30);
        assertThat(pair.p99()).isEqualTo(90);
        assertThat(account(pair, Map.of()).ok()).isTrue();
    }

    @Test
    void whatIsMissingTwiceWrongOrOutOfOrderIsCounted() {
        assertThat(pair(GOOD.subList(0, 2)).missing()).isOne();
        assertThat(pair(List.of(GOOD.get(0), GOOD.get(0), GOOD.get(1), GOOD.get(2)))
                        .duplicated())
                .isOne();
        assertThat(pair(List.of(GOOD.get(0), GOOD.get(2), GOOD.get(1))).disordered())
                .isOne();
        assertThat(pair(List.of(GOOD.get(0), new Arrived("2", "tow", 0), GOOD.get(2)))
                        .wrong())
                .isOne();
        assertThat(pair(List.of(new Arrived("9", "nobody sent this", 0))).wrong())
                .isOne();
        assertThat(account(pair(GOOD.subList(0, 2)), Map.of()).ok()).isFalse();
    }

    @Test
    void aSecretThatWasReadIsAFailure() {
        assertThat(account(pair(GOOD), Map.of("secretsRead", 1L)).ok()).isFalse();
        assertThat(account(pair(GOOD), Map.of("secretsRead", 0L)).ok()).isTrue();
    }

    private static Account.Pair pair(List<Arrived> arrived) {
        TrafficLog log = new TrafficLog("alice", "bob");
        log.sent("1", "one", 1_000);
        log.sent("2", "two", 1_000);
        log.sent("3", "three", 1_000);
        return new Inbox(arrived).account("alice", "bob", List.of(log));
    }

    private static Account account(Account.Pair pair, Map<String, Object> attacker) {
        return new Account(
                "n", 1, List.of(pair), List.of(new Account.Way("alice-bob", 1, 1, 0, 0, 0, 0, attacker)), List.of());
    }
}
