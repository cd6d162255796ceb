package dev.parley.client.attack.report;

import dev.parley.lab.Result;
import dev.parley.lab.Trial;
import dev.parley.lab.Verdict;
import java.util.List;
import java.util.Locale;

/** For people, and for where Markdown is shown. */
final class Markdown {
    private Markdown() {}

    static String of(List<Result> results) {
        StringBuilder text = new StringBuilder("# Attacks on Parley\n\n");
        for (Verdict each : Verdict.values()) {
            long count =
                    results.stream().filter(result -> result.verdict() == each).count();
            text.append("- ").append(each).append(": ").append(count).append('\n');
        }
        text.append("\n| no. | attack | attacker | control | Parley | verdict | s |\n");
        text.append("| --- | --- | --- | --- | --- | --- | --- |\n");
        for (Result each : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %s | %s | %s | **%s** | %.1f |%n",
                    each.dossier().number(),
                    each.dossier().name(),
                    each.dossier().position().title(),
                    each.control().map(Markdown::cell).orElse("-"),
                    each.parley().map(Markdown::cell).orElse("-"),
                    each.verdict(),
                    each.took().toMillis() / 1000.0));
        }
        for (Result each : results) {
            text.append("\n## ").append(each.dossier().name()).append("\n\n");
            text.append(each.dossier().title()).append(".\n\n");
            text.append("- verdict: ")
                    .append(each.verdict())
                    .append(": ")
                    .append(oneLine(each.reason()))
                    .append('\n');
            each.control()
                    .ifPresent(trial -> text.append("- the control: ")
                            .append(oneLine(trial.saw()))
                            .append('\n'));
            each.parley()
                    .ifPresent(trial -> text.append("- Parley: ")
                            .append(oneLine(trial.saw()))
                            .append('\n'));
            for (String line : each.lines()) {
                text.append("- net.log: `")
                        .append(shortened(line).replace('`', '\''))
                        .append("`\n");
            }
        }
        return text.toString();
    }

    private static String cell(Trial trial) {
        return oneLine(trial.outcome().name().toLowerCase(Locale.ROOT));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|");
    }

    private static String shortened(String line) {
        int most = 400;
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }
}
