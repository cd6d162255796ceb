package dev.parley.client.attack;

import dev.parley.client.attack.report.Plainly;
import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Table;
import dev.parley.lab.Attack;
import dev.parley.lab.Catalogue;
import dev.parley.lab.Defence;
import dev.parley.lab.Journal;
import dev.parley.lab.Matrix;
import dev.parley.lab.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley attack matrix}. */
@Command(
        name = "matrix",
        description = {
            "Show which defence stops which attack.",
            "Switches off one defence after the other in the lab's control, and tries all attacks. Nothing is done to any node.",
            "Exit code 0: each defence stops an attack, and each attack is stopped by all of them together; 1: not so."
        })
final class MatrixCommand implements Callable<Integer> {
    /** Most attacks wait most of the time. */
    private static final int THREADS = 16;

    private static final int UNSOUND = 1;

    private final Context context;

    MatrixCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Attack> attacks = Catalogue.all();
        context.note("tries " + attacks.size()
                + " attacks on controls that lack one defence each; this takes half a minute");
        Matrix matrix = Matrix.of(attacks, THREADS, Journal.NONE);
        List<String> errors = matrix.errors();
        if (context.json()) {
            context.json(forPrograms(matrix, errors));
        } else {
            grid(matrix);
            Style style = new Style(context.colour());
            errors.forEach(each -> context.line(style.red(Plain.line(each))));
            if (errors.isEmpty()) {
                context.line(style.green("all " + matrix.defences().size()
                        + " defences stop an attack, and no attack beats all of them"));
            }
        }
        return errors.isEmpty() ? ExitCode.OK : UNSOUND;
    }

    private void grid(Matrix matrix) {
        List<Defence> defences = matrix.defences();
        for (int i = 0; i < defences.size(); i++) {
            context.line(String.format(Locale.ROOT, "%2d %s", i + 1, Plainly.words(defences.get(i))));
        }
        context.line("");
        context.line(
                "X succeeds when this one is off, . fails all the same, blank: not in its control, + only with several off");
        context.line("");
        List<String> titles = new ArrayList<>(List.of("ATTACK"));
        for (int i = 1; i <= defences.size(); i++) {
            titles.add(Integer.toString(i));
        }
        Table table = new Table(titles.toArray(String[]::new));
        for (Attack attack : matrix.attacks()) {
            List<Object> cells = new ArrayList<>(List.of(attack.dossier().name()));
            for (Defence each : defences) {
                cells.add(matrix.cell(attack, each)
                        .map(trial -> mark(attack, each, trial))
                        .orElse(" "));
            }
            table.row(cells.toArray());
        }
        context.table(table);
        context.line("");
    }

    private static String mark(Attack attack, Defence defence, Trial trial) {
        return switch (trial.outcome()) {
            case SUCCEEDED -> "X";
            case FAILED -> attack.dossier().controlLacks().contains(defence) ? "+" : ".";
            case UNCLEAR -> "?";
        };
    }

    private static Map<String, Object> forPrograms(Matrix matrix, List<String> errors) {
        Map<String, Object> stoppedBy = new LinkedHashMap<>();
        matrix.defences().forEach(each -> stoppedBy.put(each.name(), matrix.stoppedBy(each)));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Attack attack : matrix.attacks()) {
            Map<String, Object> without = new LinkedHashMap<>();
            matrix.row(attack)
                    .without()
                    .forEach((defence, trial) ->
                            without.put(defence.name(), trial.outcome().name()));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("attack", attack.dossier().name());
            row.put("strong", matrix.row(attack).strong().outcome().name());
            row.put("weak", matrix.row(attack).weak().outcome().name());
            row.put("without", without);
            rows.add(row);
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("stoppedBy", stoppedBy);
        whole.put("attacks", rows);
        whole.put("errors", errors);
        return whole;
    }
}
