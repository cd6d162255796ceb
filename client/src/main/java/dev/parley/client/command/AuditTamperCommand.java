package dev.parley.client.command;

import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.evidence.DemoLog;
import dev.parley.evidence.Forgery;
import dev.parley.evidence.Report;
import dev.parley.evidence.Trial;
import dev.parley.evidence.Trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley audit tamper}. */
@Command(
        name = "tamper",
        description = {
            "Forge copies of an audit log in every way that is known, and show that each forgery is caught.",
            "Without a file it takes a log made here, so that the forger can hold the node's keys; with files,",
            "which are only read, the forger has what a thief without the node has: keys of his own."
        })
final class AuditTamperCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "All of net.log and its rotated files, in any order.")
    private List<Path> files;

    @Option(
            names = "--identity",
            paramLabel = "ID|PEM",
            description = "Whose log it is: a peer id, or a file with the public key in PEM.")
    private String identity;

    AuditTamperCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("parley-tamper-");
        try {
            return run(directory);
        } finally {
            try (Stream<Path> left = Files.list(directory)) {
                for (Path each : left.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
        }
    }

    private int run(Path directory) throws IOException {
        if (files != null) {
            return run(new Trial(files, AuditInput.identity(identity), List.of(), Forgery.Loot.none()), directory);
        }
        if (identity != null) {
            throw Failure.usage("--identity is of use with files only", null);
        }
        DemoLog demo = DemoLog.write(directory, new SecureRandom());
        context.note("no file given: the log is one made here, whose keys the forger holds");
        return run(new Trial(demo.files(), demo.peer(), demo.heads(), demo.loot()), directory);
    }

    private int run(Trial trial, Path directory) throws IOException {
        Report honest;
        try {
            honest = trial.honest();
        } catch (IllegalArgumentException e) {
            throw AuditInput.notAnIdentity();
        }
        if (!honest.holds()) {
            throw new Failure(
                    ExitCode.BROKEN,
                    "broken",
                    "the log does not hold as it is: "
                            + AuditReport.text(honest.broken().getFirst()),
                    "`parley audit verify` tells more");
        }
        Path copies = Files.createDirectory(directory.resolve("copies"));
        List<Outcome> outcomes = new ArrayList<>();
        for (Forgery forgery : Forgery.values()) {
            outcomes.add(trial.attempt(forgery, honest, copies));
        }
        boolean all = outcomes.stream().allMatch(each -> each.caught() || !each.tried())
                && outcomes.stream().anyMatch(Outcome::tried);
        print(honest, outcomes, all);
        return all ? ExitCode.OK : ExitCode.BROKEN;
    }

    private void print(Report honest, List<Outcome> outcomes, boolean all) {
        if (context.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("honestLines", honest.lines());
            fields.put("allCaught", all);
            fields.put(
                    "forgeries",
                    outcomes.stream().map(AuditTamperCommand::fields).toList());
            context.json(fields);
            return;
        }
        context.line("the honest log holds: " + honest.lines() + " lines, " + honest.checkpoints() + " checkpoints, "
                + honest.files().size() + " files");
        Table table = new Table("FORGERY", "CAUGHT", "AS", "BY");
        for (Outcome each : outcomes) {
            table.row(
                    each.forgery().what(),
                    !each.tried() ? "not tried" : each.caught() ? "yes" : "NO",
                    each.finding() == null ? null : each.finding().kind().name().toLowerCase(java.util.Locale.ROOT),
                    each.finding() == null ? null : each.byHead() ? "a head kept elsewhere" : "the log itself");
        }
        context.table(table);
        outcomes.stream()
                .filter(each -> each.finding() != null)
                .forEach(each ->
                        context.line(each.forgery().what() + ": " + Plain.line(AuditReport.text(each.finding()))));
        long tried = outcomes.stream().filter(Outcome::tried).count();
        context.line(all ? "all " + tried + " forgeries were caught" : "NOT ALL FORGERIES WERE CAUGHT");
        if (tried < outcomes.size()) {
            context.note(
                    "not tried: what needs the node's identity key, which the forger of a copied log does not have, or a"
                            + " longer log; without files all are tried on a log made here");
        }
    }

    private static Map<String, Object> fields(Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("forgery", outcome.forgery().name());
        fields.put("what", outcome.forgery().what());
        fields.put("tried", outcome.tried());
        fields.put("caught", outcome.caught());
        fields.put("byHead", outcome.byHead());
        if (outcome.finding() != null) {
            fields.put("finding", AuditReport.fields(outcome.finding()));
        }
        return fields;
    }
}
