package dev.parley.client.top;

import dev.parley.admin.LimitsInfo;
import dev.parley.admin.NodeStats;
import dev.parley.admin.SessionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What happened between two snapshots, a second each.
 *
 * @param stats the later one
 * @param total in and out of all sessions
 * @param cpu share of one processor, in percent; null where it is not known
 * @param refused connections that limits have ended, by reason, the most frequent since the node's start first
 * @param sessions one for each of the later snapshot, in its order
 */
record Rates(NodeStats stats, Flow total, Double cpu, List<Refused> refused, List<Row> sessions) {
    /** Messages and bytes a second. */
    record Flow(double messagesIn, double messagesOut, double bytesIn, double bytesOut) {
        static final Flow NONE = new Flow(0, 0, 0, 0);

        double bytes() {
            return bytesIn + bytesOut;
        }

        double messages() {
            return messagesIn + messagesOut;
        }
    }

    /** A session and how much it carries. */
    record Row(SessionInfo session, Flow flow) {}

    /** @param rate a second, @param total since the node's start */
    record Refused(String reason, double rate, long total) {}

    /** @param earlier null for the first snapshot, and for the first of a node that has started again: all rates are zero */
    static Rates between(NodeStats earlier, NodeStats later) {
        boolean same = earlier != null && earlier.startedAt().equals(later.startedAt());
        double seconds = same ? Duration.between(earlier.at(), later.at()).toMillis() / 1000.0 : 0;
        // A clock that was set back between the two.
        boolean known = seconds > 0;
        Map<UUID, SessionInfo> before = new HashMap<>();
        if (known) {
            earlier.sessions().forEach(each -> before.put(each.sessionId(), each));
        }
        List<Row> rows = new ArrayList<>(later.sessions().size());
        for (SessionInfo each : later.sessions()) {
            rows.add(new Row(each, known ? flow(before.get(each.sessionId()), each, seconds) : Flow.NONE));
        }
        NodeStats.Traffic now = later.total();
        NodeStats.Traffic then = known ? earlier.total() : now;
        double per = known ? seconds : 1;
        Flow total = new Flow(
                rate(then.messagesReceived(), now.messagesReceived(), per),
                rate(then.messagesSent(), now.messagesSent(), per),
                rate(then.bytesReceived(), now.bytesReceived(), per),
                rate(then.bytesSent(), now.bytesSent(), per));
        Double cpu = known && earlier.cpuMillis() != null && later.cpuMillis() != null
                ? rate(earlier.cpuMillis(), later.cpuMillis(), per) / 10
                : null;
        Map<String, Long> refused = known ? earlier.refused() : later.refused();
        return new Rates(later, total, cpu, refused(refused, later.refused(), per), rows);
    }

    /** All refusals together, a second. */
    double refusedRate() {
        return refused.stream().mapToDouble(Refused::rate).sum();
    }

    long refusedTotal() {
        return refused.stream().mapToLong(Refused::total).sum();
    }

    /** The most costly addresses that are held back; null where the node is too old to say. */
    List<LimitsInfo.HeldBack> heldBackOrNull() {
        return stats.heldBackAddresses();
    }

    List<LimitsInfo.HeldBack> heldBack() {
        return heldBackOrNull() == null ? List.of() : heldBackOrNull();
    }

    private static List<Refused> refused(Map<String, Long> before, Map<String, Long> now, double seconds) {
        return now.entrySet().stream()
                .map(each -> new Refused(
                        each.getKey(),
                        rate(before.getOrDefault(each.getKey(), 0L), each.getValue(), seconds),
                        each.getValue()))
                .sorted(Comparator.comparingLong((Refused each) -> -each.total())
                        .thenComparing(Refused::reason))
                .toList();
    }

    private static Flow flow(SessionInfo before, SessionInfo now, double seconds) {
        // One that has come up in between has carried all of it in between.
        boolean fresh = before == null;
        return new Flow(
                rate(fresh ? 0 : before.messagesReceived(), now.messagesReceived(), seconds),
                rate(fresh ? 0 : before.messagesSent(), now.messagesSent(), seconds),
                rate(fresh ? 0 : before.bytesReceived(), now.bytesReceived(), seconds),
                rate(fresh ? 0 : before.bytesSent(), now.bytesSent(), seconds));
    }

    private static double rate(long before, long now, double seconds) {
        return Math.max(0, now - before) / seconds;
    }
}
