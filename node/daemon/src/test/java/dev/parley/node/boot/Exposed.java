package dev.parley.node.boot;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every name that can be asked for, with its labels: those of {@link Metric}, and those of the JVM that METRICS.md names. */
final class Exposed {
    /** Prometheus puts these on whatever it scrapes. */
    private static final Set<String> OF_SCRAPING = Set.of("job", "instance", "namespace", "pod");

    private static final Map<String, Set<String>> NAMES = names();

    private Exposed() {}

    static boolean contains(String name) {
        return NAMES.containsKey(name);
    }

    /** @throws IllegalArgumentException if there is no such metric */
    static Set<String> labels(String name) {
        Set<String> labels = NAMES.get(name);
        if (labels == null) {
            throw new IllegalArgumentException("no metric of the node: " + name);
        }
        return labels;
    }

    private static Map<String, Set<String>> names() {
        Map<String, Set<String>> names = new HashMap<>();
        for (Metric metric : Metric.values()) {
            if (metric.type == Metric.Type.HISTOGRAM) {
                for (String end : new String[] {"_sum", "_count", "_max"}) {
                    names.put(metric.scraped + end, with(metric.labels.toArray(String[]::new)));
                }
                Set<String> bucket = with(metric.labels.toArray(String[]::new));
                bucket.add("le");
                names.put(metric.scraped + "_bucket", bucket);
            } else {
                names.put(metric.scraped, with(metric.labels.toArray(String[]::new)));
            }
        }
        names.put("jvm_memory_used_bytes", with("area", "id"));
        names.put("jvm_gc_pause_seconds_sum", with("action", "cause", "gc"));
        for (String plain : new String[] {
            "process_cpu_usage", "process_files_open_files", "process_files_max_files", "process_uptime_seconds"
        }) {
            names.put(plain, with());
        }
        names.put("http_server_requests_seconds_sum", with("method", "outcome", "status", "uri"));
        names.put("http_server_requests_seconds_count", with("method", "outcome", "status", "uri"));
        return names;
    }

    private static Set<String> with(String... labels) {
        Set<String> all = new TreeSet<>(OF_SCRAPING);
        all.addAll(Set.of(labels));
        return all;
    }
}
