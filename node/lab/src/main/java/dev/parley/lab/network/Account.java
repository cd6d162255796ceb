package dev.parley.lab.network;

import java.util.List;
import java.util.Map;

/** What came of a run: every message is accounted for. */
public record Account(String network, double seconds, List<Pair> pairs, List<Way> links, List<String> faults) {
    /**
     * Messages from one node to another. {@code sent = delivered + missing}; the rest must be 0.
     *
     * @param refused not taken by the sender's node in the first place, and so not sent
     * @param duplicated came more than once
     * @param wrong came with another content, or was never sent
     * @param disordered came before one that was sent earlier
     * @param p50 milliseconds from being taken to being durable at the receiver
     */
    public record Pair(
            String from,
            String to,
            int sent,
            int refused,
            int delivered,
            int missing,
            int duplicated,
            int wrong,
            int disordered,
            long p50,
            long p99) {
        boolean good() {
            return missing == 0 && duplicated == 0 && wrong == 0 && disordered == 0;
        }
    }

    /**
     * A link and whoever was on it.
     *
     * @param sessions that came up over it, as the dialing node's log has them
     * @param reconnects sessions after the first
     * @param tamperings alarms of both nodes about each other
     * @param stalls pieces that were lost and sent again
     * @param attacker what it did and saw; empty where there was none
     */
    public record Way(
            String link,
            int connections,
            int sessions,
            int reconnects,
            int tamperings,
            long bytes,
            long stalls,
            Map<String, Object> attacker) {
        boolean good() {
            return !(attacker.get("secretsRead") instanceof Long read) || read == 0;
        }
    }

    /** Says whether every message arrived once, in order and unchanged, and nobody read what was not for him. */
    public boolean ok() {
        return faults.isEmpty()
                && pairs.stream().allMatch(Pair::good)
                && links.stream().allMatch(Way::good);
    }
}
