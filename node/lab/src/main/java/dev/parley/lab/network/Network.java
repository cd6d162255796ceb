package dev.parley.lab.network;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A network as its file describes it.
 *
 * @param duration how long traffic flows; what was sent then has {@code patience} to arrive, in a network that is whole
 * @param seed of jitter, loss and what attackers choose
 */
public record Network(
        String name,
        Duration duration,
        Duration patience,
        long seed,
        List<NodeSpec> nodes,
        List<LinkSpec> links,
        List<TrafficSpec> traffic) {
    /** @param settings environment variables */
    public record NodeSpec(String name, Map<String, String> settings) {}

    /**
     * {@code from} dials {@code to} through a relay.
     *
     * @param delay of each byte, one way
     * @param jitter at most this is added; the order of bytes stays
     * @param loss probability that a piece is lost and sent again by TCP: it stalls all behind it, since a relay of TCP cannot lose bytes
     * @param rate bytes a second in each direction; 0: no limit
     * @param attacker null: none
     */
    public record LinkSpec(
            String from,
            String to,
            Duration delay,
            Duration jitter,
            double loss,
            long rate,
            List<Cut> cuts,
            AttackerSpec attacker) {
        /** Returns the name: "alice-bob". */
        public String name() {
            return from + "-" + to;
        }
    }

    /** @param reset whether connections are reset, else bytes wait until it is over */
    public record Cut(Duration at, Duration length, boolean reset) {}

    /** Who is on a link. */
    public enum AttackerKind {
        /** Records everything and looks for what it could learn. */
        EAVESDROPPER,
        /** Flips a bit now and then. */
        FLIPPER,
        /** A stranger that opens connections to the link's {@code to} and says nonsense. */
        FLOODER
    }

    /**
     * @param every a flipper's time between two flips
     * @param rate a flooder's connections a second
     */
    public record AttackerSpec(AttackerKind kind, Duration every, int rate) {}

    /** {@code from} sends {@code to} a text of {@code size} bytes every {@code every}. */
    public record TrafficSpec(String from, String to, Duration every, int size) {}
}
