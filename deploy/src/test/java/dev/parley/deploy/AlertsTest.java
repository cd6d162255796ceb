package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the alerts do over time, by Prometheus' own word: promtool plays series to them, as alerts.yaml says. */
class AlertsTest {
    /** Where this is {@code required}, a machine without promtool fails the tests that would otherwise skip themselves. */
    private static final String SWITCH = "PARLEY_PROMTOOL";

    private static final Path RULE = Overlays.DEPLOY.resolve("kubernetes/monitoring/prometheusrule.yaml");
    private static final String CASES = "alerts.yaml";

    @TempDir
    Path folder;

    private JsonNode groups;

    /** What alerts.yaml asks of an alert in one of its tests: the minutes in their order, and whether it is to fire then. */
    private record Asked(TreeMap<Integer, Boolean> minutes) {
        boolean fires() {
            return minutes.containsValue(true);
        }

        boolean clears() {
            return fires() && !minutes.lastEntry().getValue();
        }
    }

    @BeforeEach
    void extract() throws IOException {
        List<JsonNode> documents = Manifests.documents(Files.readString(RULE));
        assertThat(documents).hasSize(1);
        groups = documents.getFirst().at("/spec/groups");
        assertThat(groups).as("groups of rules").isNotEmpty();
    }

    @Test
    void prometheusTakesTheRules() throws Exception {
        write("rules.yaml", groups);
        promtool("check", "rules", "rules.yaml");
    }

    @Test
    void theyFireWhenTheyShouldAndOnlyThen() throws Exception {
        JsonNode silent = groups.deepCopy();
        alerts(silent).forEach(alert -> alert.remove("annotations"));
        write("rules.yaml", silent);
        Files.writeString(folder.resolve(CASES), cases());
        promtool("test", "rules", CASES);
    }

    /** With the times in them for people. */
    @Test
    void theirTextsAreFilledIn() throws Exception {
        write("rules.yaml", groups);
        Files.writeString(folder.resolve("texts.yaml"), """
                rule_files: [rules.yaml]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - {series: 'parley_certificate_expires_seconds{pod="parley-0"}', values: 5400}
                      - {series: 'parley_certificate_lifetime_seconds{pod="parley-0"}', values: 86400}
                    alert_rule_test:
                      - alertname: ParleyCertificateNearExpiry
                        eval_time: 0m
                        exp_alerts:
                          - exp_labels: {severity: warning, pod: parley-0}
                            exp_annotations:
                              summary: The certificate of parley-0 expires in 1h 30m 0s
                              description: Issue it again for the same key; the node takes it without a restart.
                """);
        promtool("test", "rules", "texts.yaml");
    }

    @Test
    void everyAlertIsSeenToFireToClearAndToKeepStill() throws IOException {
        Set<String> names = new TreeSet<>();
        alerts(groups).forEach(alert -> names.add(alert.get("alert").asText()));
        Map<String, List<Asked>> asked = asked(cases());
        assertThat(asked.keySet()).as("alerts that are asked for").isEqualTo(names);
        assertThat(names)
                .allSatisfy(name -> assertThat(asked.get(name))
                        .as(name)
                        .anyMatch(Asked::clears)
                        .anyMatch(each -> !each.fires()));
    }

    @Test
    void anAlertThatIsNotAskedForIsNoticed() throws IOException {
        Map<String, List<Asked>> asked = asked("""
                tests:
                  - alert_rule_test:
                      - {alertname: A, eval_time: 1m, exp_alerts: [{exp_labels: {severity: critical}}]}
                      - {alertname: A, eval_time: 0m, exp_alerts: []}
                      - {alertname: B, eval_time: 1m, exp_alerts: [{exp_labels: {severity: critical}}]}
                      - {alertname: B, eval_time: 10m, exp_alerts: []}
                  - alert_rule_test:
                      - {alertname: B, eval_time: 1m, exp_alerts: []}
                """);
        assertThat(asked.get("A")).hasSize(1).allMatch(Asked::fires).noneMatch(Asked::clears);
        assertThat(asked.get("B")).hasSize(2).anyMatch(Asked::clears).anyMatch(each -> !each.fires());
    }

    private static Map<String, List<Asked>> asked(String cases) throws IOException {
        Map<String, List<Asked>> asked = new HashMap<>();
        for (JsonNode test : Manifests.documents(cases).getFirst().get("tests")) {
            Map<String, Asked> inTest = new HashMap<>();
            for (JsonNode each : test.get("alert_rule_test")) {
                int minute = Integer.parseInt(each.get("eval_time").asText().replaceFirst("m$", ""));
                inTest.computeIfAbsent(each.get("alertname").asText(), name -> new Asked(new TreeMap<>()))
                        .minutes()
                        .put(minute, !each.get("exp_alerts").isEmpty());
            }
            inTest.forEach((name, one) ->
                    asked.computeIfAbsent(name, ignored -> new ArrayList<>()).add(one));
        }
        return asked;
    }

    private static List<ObjectNode> alerts(JsonNode groups) {
        List<ObjectNode> alerts = new ArrayList<>();
        groups.forEach(group -> group.get("rules").forEach(rule -> alerts.add((ObjectNode) rule)));
        return alerts;
    }

    private static String cases() throws IOException {
        try (InputStream in = AlertsTest.class.getResourceAsStream(CASES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** JSON, which is YAML as well. */
    private void write(String name, JsonNode rules) throws IOException {
        Files.writeString(folder.resolve(name), "{\"groups\":" + rules + "}");
    }

    private void promtool(String... arguments) throws IOException, InterruptedException {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Path.of(path, "promtool").toFile().canExecute());
        if ("required".equals(System.getenv(SWITCH))) {
            assertThat(there)
                    .as("promtool is on the PATH, as %s=required says", SWITCH)
                    .isTrue();
        }
        assumeTrue(there, "promtool is not installed: what the alerts do is not tested");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process promtool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(promtool.waitFor(2, TimeUnit.MINUTES))
                    .as("promtool is done")
                    .isTrue();
        } finally {
            promtool.destroyForcibly();
        }
        assertThat(promtool.exitValue())
                .as("exit code of %s: %s", command, Files.readString(output))
                .isZero();
    }
}
