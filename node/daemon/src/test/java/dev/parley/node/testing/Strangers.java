package dev.parley.node.testing;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;

/** Peers that a test dials a node with. */
public final class Strangers {

    private static final long UP_WITHIN_MILLIS = 20_000;

    private Strangers() {}

    /** Settings of a peer with this key that offers both suites. */
    public static ChannelSettings settings(IdentityKey key) {
        return ChannelSettings.defaults(key, Identity.of(key, "stranger", "", List.of()), new SecureRandom());
    }

    /** Settings of a new peer that offers one suite. */
    public static ChannelSettings stranger(Suite suite) {
        return settings(ThrowawayKeys.make(1).getFirst()).withSuites(List.of(suite));
    }

    /** Dials until the session is up. */
    public static Peer up(int port, ChannelSettings settings, Consumer<ChannelEvent> listener) throws IOException {
        return dial(port, settings, listener).awaitUp(UP_WITHIN_MILLIS);
    }

    /** Connects; the handshake begins with the first turn. */
    public static Peer dial(int port, ChannelSettings settings, Consumer<ChannelEvent> listener) throws IOException {
        return Peer.dial(new InetSocketAddress("127.0.0.1", port), settings, listener);
    }

    /** Turns a peer until its connection has ended. */
    public static void turnUntilEnded(Peer peer, long withinMillis) throws IOException {
        long deadline = System.nanoTime() + withinMillis * 1_000_000;
        while (peer.ending().isEmpty() && System.nanoTime() < deadline) {
            peer.turn(50);
        }
    }
}
