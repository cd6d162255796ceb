package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.config.Tables;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
    @Test
    void theTableIsWhatTheCodeSays() throws IOException {
        var text = new StringBuilder("""
                # The metrics of a node

                Generated from `Metric`; a test compares it with a live scrape, both ways. Prometheus scrapes `/q/metrics` on the management port
                (`quarkus.management.port`, and `quarkus.management.host` where it is another machine that scrapes). Times are in seconds, sizes in bytes.
                No label ever names a peer, an address or a message, so the number of series is bounded, about 600.

                A histogram `x` is scraped as `x_bucket` with the label `le`, `x_sum` and `x_count`; beside it `x_max` is a gauge with the longest of the last
                minutes. Counters begin with 0 at each start of the node, unless they say otherwise. [deploy/grafana](../../deploy/grafana) has a dashboard for all of this,
                [deploy/kubernetes](../../deploy/kubernetes) alerts. The metrics of the bridge are there only where it is on (`parley.bridge.enabled`).

                """);
        for (var section : Metric.Section.values()) {
            text.append("## ")
                    .append(section.title)
                    .append("\n\n| metric | type | unit | labels | meaning |\n| --- | --- | --- | --- | --- |\n");
            for (var metric : Metric.values()) {
                if (metric.section == section) {
                    text.append("| `%s` | %s | %s | %s | %s |\n"
                            .formatted(
                                    metric.scraped,
                                    metric.type.name().toLowerCase(Locale.ROOT),
                                    metric.unit,
                                    metric.labels.stream()
                                            .map(label -> "`" + label + "`")
                                            .collect(Collectors.joining(", ")),
                                    Tables.cell(metric.meaning)));
                }
            }
            text.append('\n');
        }
        text.append("""
                ## Of the JVM and the process

                Beside these there is what Micrometer measures of every such process, by names that dashboards for the JVM know: `jvm_memory_used_bytes`,
                `jvm_gc_pause_seconds`, `jvm_threads_live_threads`, `process_files_open_files` and `process_files_max_files` (file descriptors),
                `process_cpu_usage`, `process_uptime_seconds`, `system_cpu_count`, and `http_server_requests_seconds` of the admin socket.
                """);
        Tables.check("METRICS.md", text.toString());
    }

    @Test
    void namesFollowTheConventions() {
        assertThat(Metric.values()).allSatisfy(metric -> {
            assertThat(metric.scraped).matches("parley_[a-z]+(_[a-z]+)*");
            assertThat(metric.scraped.endsWith("_total"))
                    .as(metric.scraped)
                    .isEqualTo(metric.type == Metric.Type.COUNTER);
            if (metric.unit.equals("seconds") || metric.unit.equals("bytes")) {
                assertThat(metric.scraped.replaceFirst("_total$", "")).endsWith("_" + metric.unit);
            }
            if (metric.type == Metric.Type.HISTOGRAM) {
                assertThat(metric.unit).as(metric.scraped).isEqualTo("seconds");
            }
            assertThat(metric.labels).doesNotContain("peer", "remote", "address", "message", "session", "alias");
        });
        assertThat(Arrays.stream(Metric.values()).map(each -> each.scraped)).doesNotHaveDuplicates();
    }
}
