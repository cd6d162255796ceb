package dev.parley.client.attack.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.json.Json;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Position;
import dev.parley.lab.Result;
import dev.parley.lab.Trial;
import dev.parley.lab.Verdict;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportsTest {
    @TempDir
    Path directory;

    private static Result result(int number, String name, Verdict verdict, String reason, List<String> lines) {
        var dossier = new Dossier(
                number,
                name,
                "flips a bit",
                Position.ON_PATH,
                "A relay.",
                List.of("Waits.", "Flips."),
                "Nothing covers the bytes.",
                List.of("RFC 7518"),
                "CBC without a MAC",
                Set.of(Defence.INTEGRITY),
                List.of(Defence.INTEGRITY),
                "TCP ends",
                Set.of("TAMPERING"),
                "path-tamper",
                Duration.ofSeconds(5));
        return new Result(
                dossier,
                verdict,
                reason,
                Optional.of(Trial.succeeded("it flipped")),
                verdict == Verdict.INCONCLUSIVE ? Optional.empty() : Optional.of(Trial.failed("it did not")),
                lines,
                Duration.ofMillis(1_500));
    }

    private final List<Result> results = List.of(
            result(1, "flip", Verdict.BLOCKED, "the tag", List.of("{\"event\":\"TAMPERING\"}")),
            result(2, "worse", Verdict.SUCCEEDED, "a <hole> & \u0001 | pipe", List.of()),
            result(3, "odd", Verdict.INCONCLUSIVE, "it took too long", List.of()));

    @Test
    void fourFilesTellTheSame() throws Exception {
        assertThat(Reports.write(directory.resolve("new"), results, "1.2")).allMatch(Files::isRegularFile);
        Map<?, ?> json = (Map<?, ?>) Json.parse(read("results.json"));
        assertThat(json.get("summary")).isEqualTo(Map.of("BLOCKED", 1L, "SUCCEEDED", 1L, "INCONCLUSIVE", 1L));
        assertThat((List<?>) json.get("results")).hasSize(3);

        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(read("junit.xml"))))
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("a <hole> & \uFFFD | pipe");
        assertThat(suite.getElementsByTagName("system-out").item(0).getTextContent())
                .contains("TAMPERING");

        Map<?, ?> sarif = (Map<?, ?>) Json.parse(read("results.sarif"));
        assertThat(sarif.get("version")).isEqualTo("2.1.0");
        Map<?, ?> run = (Map<?, ?>) ((List<?>) sarif.get("runs")).getFirst();
        assertThat((List<?>) run.get("results"))
                .extracting(each -> ((Map<?, ?>) each).get("level"))
                .isEqualTo(List.of("none", "error", "none"));

        assertThat(read("results.md"))
                .contains("| 1 | flip | on the path | succeeded | failed | **BLOCKED** | 1.5 |")
                .contains("a <hole> & \u0001 \\| pipe");
    }

    private String read(String name) throws Exception {
        return Files.readString(directory.resolve("new").resolve(name));
    }
}
