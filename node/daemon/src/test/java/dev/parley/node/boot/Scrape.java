package dev.parley.node.boot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One answer of {@code /q/metrics}, read strictly: a line that is none of the format is an error. */
final class Scrape {
    /** Of Prometheus, by default. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-z0-9_]+) (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([-+0-9.eEINFaN]+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** By family. */
    final Map<String, String> types = new TreeMap<>();

    final List<Sample> samples = new ArrayList<>();

    /** @param labels in their order */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape of(int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                .header("Accept", "text/plain")
                .timeout(PATIENCE)
                .build();
        return parse(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    static Scrape parse(String text) {
        var scrape = new Scrape();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE")) {
                var type = TYPE.matcher(line);
                if (!type.matches()) {
                    throw new AssertionError("no type: " + line);
                }
                scrape.types.put(type.group(1), type.group(2));
            } else if (!line.startsWith("#") && !line.isBlank()) {
                scrape.samples.add(sample(line));
            }
        }
        return scrape;
    }

    private static Sample sample(String line) {
        var sample = SAMPLE.matcher(line.strip());
        if (!sample.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (sample.group(2) != null) {
            var label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        String value = sample.group(3).replace("Inf", "Infinity");
        return new Sample(sample.group(1), labels, Double.parseDouble(value));
    }

    /** The sum of the samples of this name with these labels, given as name and value in turn; empty if there is none. */
    Optional<Double> value(String name, String... labels) {
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(each ->
                        each.name().equals(name) && each.labels().entrySet().containsAll(wanted.entrySet()))
                .map(Sample::value)
                .reduce(Double::sum);
    }
}
