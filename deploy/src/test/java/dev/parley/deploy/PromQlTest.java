package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromQlTest {
    @Test
    void findsMetricsAmongFunctionsLabelsAndWords() {
        assertThat(
                        PromQl.selectors(
                                "sum by (namespace, pod) (rate(a_total{event=~\"X|Y\", pod!='p'}[10m])) / on(pod) group_left(node) b > bool 1e3"
                                        + " or (c unless c offset 15m) and histogram_quantile(0.9, sum(rate(d_bucket[5m])) by (le)) < 2"))
                .extracting(PromQl.Selector::metric)
                .containsExactly("a_total", "b", "c", "c", "d_bucket");
    }

    @Test
    void readsConditions() {
        assertThat(PromQl.selectors("increase(a_total{event=~\"X|Y\", pod!='p}'}[10m]) > 0"))
                .containsExactly(new PromQl.Selector(
                        "a_total",
                        List.of(new PromQl.Matching("event", "=~", "X|Y"), new PromQl.Matching("pod", "!=", "p}"))));
    }

    @Test
    void takesNoTextForAMetric() {
        assertThat(PromQl.selectors("1 > 0")).isEmpty();
        assertThat(PromQl.selectors("up{x=\"not_this\"} == 1")).hasSize(1);
    }
}
