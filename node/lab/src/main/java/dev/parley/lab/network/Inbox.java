package dev.parley.lab.network;

import dev.parley.lab.stand.LiveNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a node has of a peer, in the order in which it became durable. */
record Inbox(List<Arrived> messages) {
    /** @param at milliseconds since 1970 when it was durable */
    record Arrived(String id, String text, long at) {}

    private static final int PAGE = 500;

    /** Asks the node for all of it. */
    static Inbox of(LiveNode at, LiveNode from) throws IOException {
        List<Arrived> messages = new ArrayList<>();
        Object after = 0L;
        while (true) {
            Map<?, ?> page = (Map<?, ?>)
                    at.call("GET", "/history?peer=" + from.peerId() + "&limit=" + PAGE + "&after=" + after, null);
            List<Map<?, ?>> entries = list(page.get("entries"));
            if (entries.isEmpty()) {
                return new Inbox(messages);
            }
            for (Map<?, ?> each : entries) {
                after = each.get("cursor");
                if ("IN".equals(each.get("direction"))) {
                    messages.add(new Arrived(
                            String.valueOf(each.get("id")),
                            String.valueOf(each.get("text")),
                            Instant.parse(String.valueOf(each.get("at"))).toEpochMilli()));
                }
            }
        }
    }

    /** Compares with what was sent. */
    Account.Pair account(String from, String to, List<TrafficLog> logs) {
        Map<String, TrafficLog.Sent> sent = new HashMap<>();
        logs.forEach(each -> sent.putAll(each.byId()));
        Map<String, Integer> arrived = new HashMap<>();
        int duplicated = 0;
        int wrong = 0;
        int disordered = 0;
        List<Long> latencies = new ArrayList<>();
        String last = "";
        for (Arrived each : messages) {
            TrafficLog.Sent original = sent.get(each.id());
            if (arrived.merge(each.id(), 1, Integer::sum) > 1) {
                duplicated++;
            } else if (original == null || !original.text().equals(each.text())) {
                wrong++;
            } else {
                latencies.add(Math.max(0, each.at() - original.at()));
            }
            // Ids of one sender grow in the order in which it took the messages.
            disordered += each.id().compareTo(last) < 0 ? 1 : 0;
            last = each.id();
        }
        int delivered =
                (int) sent.keySet().stream().filter(arrived::containsKey).count();
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Account.Pair(
                from,
                to,
                sent.size(),
                logs.stream().mapToInt(TrafficLog::refusals).sum(),
                delivered,
                sent.size() - delivered,
                duplicated,
                wrong,
                disordered,
                quantile(sorted, 0.5),
                quantile(sorted, 0.99));
    }

    /** The value that a share of all does not exceed; 0 of none. */
    static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** Plain values as a list of maps. */
    static List<Map<?, ?>> list(Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> items) {
            items.forEach(each -> maps.add((Map<?, ?>) each));
        }
        return maps;
    }
}
