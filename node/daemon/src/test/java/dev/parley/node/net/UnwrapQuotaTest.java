package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.testing.Strangers;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(UnwrapQuotaTest.FewUnwraps.class)
class UnwrapQuotaTest {

    private static final int DIALS = 30;
    private static final int BURST = 5;

    /** So few a second that the slowest machine dials faster than the quota fills. */
    public static class FewUnwraps implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/unwrap-quota",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.trust.pending-per-address", "1000",
                    "parley.handshake.unwraps.per-second", "1",
                    "parley.handshake.unwraps.burst", String.valueOf(BURST));
        }
    }

    @Inject
    PeerNetwork network;

    @Test
    void anAddressOverItsQuotaIsToldBusyAndCostsNoUnwrap() throws Exception {
        int port = HostPort.parse(network.listenAddress()).port();
        List<Failure> failures = new ArrayList<>();
        for (IdentityKey key : ThrowawayKeys.make(DIALS)) {
            Peer peer = Strangers.dial(port, Strangers.settings(key), event -> {});
            Strangers.turnUntilEnded(peer, 10_000);
            failures.add(peer.ending().orElseThrow().failure());
            peer.abort();
        }
        assertThat(failures.subList(0, BURST)).containsOnly(Failure.AWAITING_APPROVAL);
        assertThat(failures).contains(Failure.BUSY).containsOnly(Failure.AWAITING_APPROVAL, Failure.BUSY);
    }
}
