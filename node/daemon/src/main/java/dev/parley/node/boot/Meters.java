package dev.parley.node.boot;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Registers what {@link Metric} lists, and nothing else, so that the list is whole. */
final class Meters {
    private static final String COUNTER_END = "_total";
    private static final String TIMER_END = "_seconds";

    private final MeterRegistry registry;
    private final List<DoubleSupplier> kept = new ArrayList<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param values of the labels, in their order */
    void gauge(Metric metric, DoubleSupplier value, String... values) {
        Gauge.builder(name(metric, Metric.Type.GAUGE, ""), value, DoubleSupplier::getAsDouble)
                .description(metric.meaning)
                .tags(tags(metric, values))
                .strongReference(true)
                .register(registry);
    }

    Counter counter(Metric metric, String... values) {
        return Counter.builder(name(metric, Metric.Type.COUNTER, COUNTER_END))
                .description(metric.meaning)
                .tags(tags(metric, values))
                .register(registry);
    }

    /** A counter that somebody else keeps: it must never go down. */
    void counter(Metric metric, DoubleSupplier value, String... values) {
        // The registry alone would let it go.
        kept.add(value);
        FunctionCounter.builder(name(metric, Metric.Type.COUNTER, COUNTER_END), value, DoubleSupplier::getAsDouble)
                .description(metric.meaning)
                .tags(tags(metric, values))
                .register(registry);
    }

    Timer histogram(Metric metric, Duration[] buckets, String... values) {
        return Timer.builder(name(metric, Metric.Type.HISTOGRAM, TIMER_END))
                .description(metric.meaning)
                .tags(tags(metric, values))
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private static String name(Metric metric, Metric.Type type, String end) {
        if (metric.type != type || !metric.scraped.endsWith(end)) {
            throw new IllegalArgumentException(metric + " is not a " + type);
        }
        return metric.scraped.substring(0, metric.scraped.length() - end.length());
    }

    private static Tags tags(Metric metric, String... values) {
        if (values.length != metric.labels.size()) {
            throw new IllegalArgumentException(metric + " has the labels " + metric.labels);
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.labels.get(i), values[i]);
        }
        return tags;
    }
}
