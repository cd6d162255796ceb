package dev.parley.client.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts by name. Strangers choose some of the names: beyond so many the rest is one sum. */
final class Tally {
    private static final int MOST = 10_000;
    private static final String OTHERS = "(others)";

    private final Map<String, Long> counts = new HashMap<>();
    private long sum;

    void add(String name) {
        add(name, 1);
    }

    void add(String name, long count) {
        if (count > 0) {
            counts.merge(counts.size() < MOST || counts.containsKey(name) ? name : OTHERS, count, Long::sum);
            sum += count;
        }
    }

    long sum() {
        return sum;
    }

    long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    boolean isEmpty() {
        return sum == 0;
    }

    /** The most frequent first, and what the others are together. */
    Map<String, Long> most(int rows) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        Map<String, Long> most = new LinkedHashMap<>();
        sorted.stream().limit(rows).forEach(each -> most.put(each.getKey(), each.getValue()));
        long rest = sum - most.values().stream().mapToLong(Long::longValue).sum();
        if (rest > 0) {
            most.merge(OTHERS, rest, Long::sum);
        }
        return most;
    }
}
