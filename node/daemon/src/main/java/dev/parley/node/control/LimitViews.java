package dev.parley.node.control;

import dev.parley.admin.LimitsInfo;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Refusals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What limits have done to strangers, in the words of the contract. */
final class LimitViews {
    private LimitViews() {}

    /** Connections that limits have ended, by reason; every reason is there. */
    static Map<String, Long> refused(PeerNetwork network) {
        Map<String, Long> counts = new TreeMap<>();
        for (Refusals.Reason reason : Refusals.Reason.values()) {
            counts.put(reason.key(), network.refusals().count(reason));
        }
        return counts;
    }

    /** The most costly addresses that are held back; none before the node has started. */
    static List<LimitsInfo.HeldBack> heldBack(PeerNetwork network, int most) {
        Instant now = Instant.now();
        return network.penalties()
                .map(penalties -> penalties.heldBack(most).stream()
                        .map(each -> new LimitsInfo.HeldBack(
                                each.address().text(),
                                Math.round(each.cost()),
                                each.refused(),
                                each.since(),
                                now.plus(each.freeIn()),
                                network.isServedInAnyCase(each.address())))
                        .toList())
                .orElse(List.of());
    }
}
