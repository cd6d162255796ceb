package dev.parley.node.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.WithDefault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of {@link ParleyConfig}: its name, documentation and default, and how to read it from a configuration.
 *
 * @param key the full name, for example {@code parley.listen.port}
 * @param type what the getter returns
 * @param doc meaning, unit and range
 * @param defaultValue as written, or empty if the key is unset by default
 * @param read the value in a configuration
 */
public record Setting(String key, Class<?> type, Doc doc, String defaultValue, Function<ParleyConfig, Object> read) {

    /** All keys, in alphabetical order. */
    public static List<Setting> all() {
        var found = new ArrayList<Setting>();
        collect("parley", ParleyConfig.class, config -> config, found);
        found.sort(Comparator.comparing(Setting::key));
        return List.copyOf(found);
    }

    /** What is wrong with this key's value in {@code config}, as "must be ..."; empty if it is within its range. */
    public Optional<String> problem(ParleyConfig config) {
        var value = read.apply(config);
        boolean low = !doc.min().isEmpty() && compare(value, doc.min()) < 0;
        boolean high = !doc.max().isEmpty() && compare(value, doc.max()) > 0;
        return low || high ? Optional.of("must be " + range()) : Optional.empty();
    }

    /** What a value has to be to be understood at all, and its range, in words that follow "must be". */
    public String expectation() {
        var range = range().isEmpty() ? "" : ", " + range();
        if (type == Duration.class) {
            return "a duration like 500ms, 10s or 5m" + range;
        }
        if (type == MemorySize.class) {
            return "a size like 65536, 64K or 16M" + range;
        }
        if (type == int.class || type == long.class) {
            return "a whole number" + range;
        }
        if (type == double.class) {
            return "a number" + range;
        }
        return type.isEnum() ? "one of " + range() : "what CONFIGURATION.md says";
    }

    /** The permitted values in words, with the unit; empty if everything of the type is permitted. */
    public String range() {
        if (!doc.range().isEmpty()) {
            return doc.range();
        }
        var unit = doc.unit().isEmpty() ? "" : " " + doc.unit();
        return doc.min().isEmpty() ? "" : "from " + doc.min() + " to " + doc.max() + unit;
    }

    private static int compare(Object value, String bound) {
        return switch (value) {
            case Duration duration -> duration.compareTo(DurationConverter.parseDuration(bound));
            case MemorySize size ->
                size.asBigInteger()
                        .compareTo(new MemorySizeConverter().convert(bound).asBigInteger());
            case Double number -> Double.compare(number, Double.parseDouble(bound));
            case Number number -> Long.compare(number.longValue(), Long.parseLong(bound));
            default -> throw new IllegalStateException("no order on " + value.getClass());
        };
    }

    private static void collect(
            String prefix, Class<?> group, Function<ParleyConfig, Object> read, List<Setting> found) {
        for (Method method : Arrays.stream(group.getDeclaredMethods())
                .filter(m -> !m.isSynthetic())
                .toList()) {
            var key = prefix + "." + kebab(method.getName());
            Function<ParleyConfig, Object> get = config -> invoke(method, read.apply(config));
            var doc = method.getAnnotation(Doc.class);
            if (doc == null) {
                collect(key, method.getReturnType(), get, found);
            } else {
                var written = method.getAnnotation(WithDefault.class);
                found.add(new Setting(key, method.getReturnType(), doc, written == null ? "" : written.value(), get));
            }
        }
    }

    private static Object invoke(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(method.toString(), e);
        }
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
