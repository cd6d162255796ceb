package dev.parley.node.control;

import dev.parley.admin.Finding;
import dev.parley.node.witness.Witnesses;
import dev.parley.protocol.crypto.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * This node's clock against those of its peers, from what came of them with a time on it. Nothing arrives before it was sent: so a
 * way of less than nothing is a clock that is wrong, for certain and by that much at least. The heads of logs are sent at once, so a
 * long way of all of them is one as well; of messages it is not, for they may have waited.
 */
final class ClockCheck {
    /** Of the last so many hours. */
    static final Duration SINCE = Duration.ofHours(24);

    private static final String CHECK = "clock";
    private static final Duration AHEAD = Duration.ofSeconds(5);
    /** A head may wait behind a file, or for a machine that was asleep. */
    private static final Duration BEHIND = Duration.ofSeconds(30);

    private static final String ADVICE = "compare both clocks with a time server: one of them is wrong";

    private ClockCheck() {}

    /** @param byMessages the least way of each peer's messages, @param byHeads of each peer's heads, @param name of a peer */
    static List<Finding> of(
            Map<PeerId, Duration> byMessages, List<Witnesses.Standing> byHeads, Function<PeerId, String> name) {
        Map<PeerId, Duration> ways = new TreeMap<>(byMessages);
        Map<PeerId, Duration> heads = new TreeMap<>();
        for (Witnesses.Standing each : byHeads) {
            each.way().ifPresent(way -> {
                heads.put(each.peer(), way);
                ways.merge(each.peer(), way, (a, b) -> a.compareTo(b) < 0 ? a : b);
            });
        }
        var off = new ArrayList<Finding>();
        int ahead = 0;
        int behind = 0;
        int agree = 0;
        for (var each : ways.entrySet()) {
            PeerId peer = each.getKey();
            Duration way = each.getValue();
            if (way.compareTo(AHEAD.negated()) < 0) {
                ahead++;
                off.add(warning(
                        peer, name, "is ahead of this node's by " + way.abs().toSeconds() + " seconds at least"));
            } else if (heads.containsKey(peer) && way.compareTo(BEHIND) > 0) {
                behind++;
                off.add(warning(peer, name, "seems to be " + way.toSeconds() + " seconds behind this node's"));
            } else if (heads.containsKey(peer) || way.compareTo(BEHIND) <= 0) {
                agree++;
            }
        }
        if (off.size() > 1 && agree == 0 && (ahead == 0 || behind == 0)) {
            off.addFirst(Finding.problem(
                    CHECK,
                    null,
                    "all " + off.size() + " peers that say a time agree that this node's clock is "
                            + (ahead > 0 ? "behind" : "ahead"),
                    "set this machine's clock, and keep it set with NTP"));
        }
        if (!off.isEmpty()) {
            return off;
        }
        return List.of(
                agree == 0
                        ? Finding.unknown(CHECK, "no peer has said a time that shows it in the last 24 hours")
                        : Finding.ok(CHECK, "it agrees with " + agree + (agree == 1 ? " peer's" : " peers'")));
    }

    private static Finding warning(PeerId peer, Function<PeerId, String> name, String text) {
        return Finding.warning(CHECK, peer.toString(), "the clock of " + name.apply(peer) + " " + text, ADVICE);
    }
}
