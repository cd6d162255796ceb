package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard asks for what the node has. */
class DashboardTest {
    private static final Path FILE = Path.of("../../deploy/grafana/parley.json");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{\\s*([a-z_]+)\\s*}}");

    @Test
    void everyPanelAsksForMetricsAndLabelsThatThereAre() throws IOException {
        assertThat(problems(Files.readString(FILE))).isEmpty();
    }

    @Test
    void everyMetricIsInAPanel() throws IOException {
        Set<String> asked = new HashSet<>();
        for (JsonNode target : new ObjectMapper().readTree(FILE.toFile()).findValues("expr")) {
            PromQl.parse(target.asText()).selectors().forEach(each -> asked.add(each.metric()));
        }
        assertThat(Arrays.stream(Metric.values())
                        .filter(metric -> asked.stream()
                                .noneMatch(name ->
                                        name.equals(metric.scraped) || name.equals(metric.scraped + "_bucket"))))
                .isEmpty();
    }

    @Test
    void itHasADataSourceToChooseAndPanelsThatDoNotLieOnEachOther() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(FILE.toFile());
        assertThat(dashboard.get("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        assertThat(dashboard.get("id").isNull())
                .as("an id is Grafana's to give")
                .isTrue();
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(dashboard.findValues("datasource").stream()
                        .map(each -> each.path("uid").asText()))
                .as("of every panel, target and variable")
                .isNotEmpty()
                .containsOnly("${datasource}");
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt()))
                    .as("id of %s", panel.get("title"))
                    .isTrue();
            JsonNode place = panel.get("gridPos");
            for (int x = place.get("x").asInt();
                    x < place.get("x").asInt() + place.get("w").asInt();
                    x++) {
                assertThat(x).isLessThan(24);
                for (int y = place.get("y").asInt();
                        y < place.get("y").asInt() + place.get("h").asInt();
                        y++) {
                    assertThat(cells.add(x + "," + y))
                            .as("%s lies on another", panel.get("title"))
                            .isTrue();
                }
            }
        }
        Set<String> rows = new HashSet<>();
        dashboard.get("panels").forEach(panel -> {
            if (panel.get("type").asText().equals("row")) {
                rows.add(panel.get("title").asText());
            }
        });
        assertThat(rows)
                .isEqualTo(Arrays.stream(Metric.Section.values())
                        .map(each -> each.title)
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource({
        "parley_outbox_bytes{,        parley_outbox_octets{,    no metric of the node: parley_outbox_octets",
        "parley_acknowledgement_seconds_bucket, parley_acknowledgement_bucket, no metric of the node",
        "by (reason),                 by (cause),               by cause",
        "{{outcome}},                 {{result}},               legend result",
        "job=~,                       task=~,                   no label task",
        "and on (job,                 and on (task,             which not both sides have",
        "\"unit\": \"Bps\",           \"unit\": \"\",           no unit",
        "rate(,                       ratio(,                   not known: ratio"
    })
    void aDashboardThatIsWrongIsNoticed(String right, String wrong, String problem) throws IOException {
        String dashboard = Files.readString(FILE);
        assertThat(dashboard).contains(right);
        assertThat(problems(dashboard.replace(right, wrong))).anyMatch(each -> each.contains(problem));
    }

    private static List<String> problems(String text) throws IOException {
        List<String> problems = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(text).get("panels")) {
            if (panel.get("type").asText().equals("row")) {
                continue;
            }
            String title = panel.get("title").asText();
            if (panel.at("/fieldConfig/defaults/unit").asText().isEmpty()) {
                problems.add(title + ": no unit");
            }
            if (panel.path("description").asText().isEmpty()
                    || panel.path("targets").isEmpty()) {
                problems.add(title + ": no description, or nothing to show");
            }
            for (JsonNode target : panel.get("targets")) {
                problems(target).stream().map(each -> title + ": " + each).forEach(problems::add);
            }
        }
        return problems;
    }

    private static List<String> problems(JsonNode target) {
        List<String> problems = new ArrayList<>();
        PromQl.Query query;
        try {
            query = PromQl.parse(target.get("expr").asText());
        } catch (IllegalArgumentException e) {
            return List.of(e.getMessage());
        }
        for (PromQl.Selector selector : query.selectors()) {
            selector.labels().stream()
                    .filter(label -> !Exposed.labels(selector.metric()).contains(label))
                    .forEach(label -> problems.add("no label " + label + " of " + selector.metric()));
        }
        var legend = IN_LEGEND.matcher(target.get("legendFormat").asText());
        while (legend.find()) {
            if (!query.labels().contains(legend.group(1))) {
                problems.add("legend " + legend.group(1) + " is no label of the result");
            }
        }
        return problems;
    }
}
