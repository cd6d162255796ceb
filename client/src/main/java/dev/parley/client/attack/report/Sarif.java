package dev.parley.client.attack.report;

import dev.parley.lab.Dossier;
import dev.parley.lab.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SARIF 2.1.0: a rule for each attack, a result for each verdict. */
final class Sarif {
    private Sarif() {}

    static Map<String, Object> of(List<Result> results, String version) {
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "parley attack lab");
        driver.put("version", version);
        driver.put("rules", results.stream().map(each -> rule(each.dossier())).toList());
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver));
        run.put("results", results.stream().map(Sarif::result).toList());
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        log.put("version", "2.1.0");
        log.put("runs", List.of(run));
        return log;
    }

    private static Map<String, Object> rule(Dossier dossier) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("id", dossier.name());
        rule.put("shortDescription", text(dossier.title()));
        rule.put("fullDescription", text(dossier.why()));
        rule.put(
                "help",
                text("Row " + dossier.threat() + " of node/THREATS.md. " + String.join("; ", dossier.references())));
        return rule;
    }

    private static Map<String, Object> result(Result each) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", each.dossier().name());
        switch (each.verdict()) {
            case BLOCKED -> result.put("kind", "pass");
            case SUCCEEDED -> result.put("kind", "fail");
            case INCONCLUSIVE -> result.put("kind", "open");
        }
        result.put(
                "level",
                switch (each.verdict()) {
                    case SUCCEEDED -> "error";
                    // Of a result that is no failure SARIF wants no level.
                    case BLOCKED, INCONCLUSIVE -> "none";
                });
        result.put("message", text(each.reason()));
        return result;
    }

    private static Map<String, Object> text(String text) {
        return Map.of("text", text);
    }
}
