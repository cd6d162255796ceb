package dev.parley.client.attack.report;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Result;
import dev.parley.lab.Trial;
import dev.parley.lab.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results and dossiers as plain values, for JSON. */
public final class Plainly {
    private Plainly() {}

    /** A whole run: how many of each verdict, then the results. */
    public static Map<String, Object> run(List<Result> results) {
        Map<String, Object> run = new LinkedHashMap<>();
        Map<String, Object> summary = new LinkedHashMap<>();
        for (Verdict each : Verdict.values()) {
            summary.put(
                    each.name(),
                    results.stream().filter(result -> result.verdict() == each).count());
        }
        run.put("summary", summary);
        run.put("results", results.stream().map(Plainly::result).toList());
        return run;
    }

    /** One attack, judged. */
    public static Map<String, Object> result(Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", (long) result.dossier().number());
        fields.put("attack", result.dossier().name());
        fields.put("title", result.dossier().title());
        fields.put("verdict", result.verdict().name());
        fields.put("reason", result.reason());
        result.control().ifPresent(trial -> fields.put("control", trial(trial)));
        result.parley().ifPresent(trial -> fields.put("parley", trial(trial)));
        fields.put("netLog", result.lines());
        fields.put("threat", result.dossier().threat());
        fields.put("millis", result.took().toMillis());
        return fields;
    }

    /** What an attack is. */
    public static Map<String, Object> dossier(Dossier dossier) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", (long) dossier.number());
        fields.put("name", dossier.name());
        fields.put("title", dossier.title());
        fields.put("attacker", dossier.position().name());
        fields.put("has", dossier.has());
        fields.put("steps", dossier.steps());
        fields.put("why", dossier.why());
        fields.put("references", dossier.references());
        fields.put("control", dossier.control());
        fields.put("controlLacks", names(List.copyOf(dossier.controlLacks())));
        fields.put("defences", names(dossier.defences()));
        fields.put("expectedClose", dossier.expectedClose());
        fields.put("expectedEvents", dossier.expectedEvents().stream().sorted().toList());
        fields.put("threat", dossier.threat());
        fields.put("atMostSeconds", dossier.atMost().toSeconds());
        return fields;
    }

    /** "sequence numbers" of SEQUENCE_NUMBERS. */
    public static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> names(List<Defence> defences) {
        return defences.stream().map(Defence::name).sorted().toList();
    }

    private static Map<String, Object> trial(Trial trial) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", trial.outcome().name());
        fields.put("saw", trial.saw());
        return fields;
    }
}
