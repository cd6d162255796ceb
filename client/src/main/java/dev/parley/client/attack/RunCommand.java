package dev.parley.client.attack;

import dev.parley.client.attack.report.Plainly;
import dev.parley.client.attack.report.Reports;
import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.command.VersionCommand;
import dev.parley.client.process.NodeCommand;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Table;
import dev.parley.client.text.Width;
import dev.parley.lab.Attack;
import dev.parley.lab.Catalogue;
import dev.parley.lab.Journal;
import dev.parley.lab.Referee;
import dev.parley.lab.Result;
import dev.parley.lab.Trial;
import dev.parley.lab.Verdict;
import dev.parley.lab.attack.stranger.HandshakeFlood;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley attack run}. */
@Command(
        name = "run",
        description = {
            "Run attacks: first on a control that is weak on purpose, then on live nodes.",
            "Two nodes are started for it in a temporary directory. Exit code 0: all were blocked; 1: one succeeded;"
                    + " 2: one was inconclusive."
        })
final class RunCommand implements Callable<Integer> {
    private static final int ANY_SUCCEEDED = 1;
    private static final int ANY_INCONCLUSIVE = 2;

    private final Context context;

    @Option(names = "--all", description = "All attacks.")
    private boolean all;

    @Option(names = "--demo", description = "On two nodes that are started for it (as without a target).")
    private boolean demo;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "Attack a node that somebody else operates and that has agreed; attacks of strangers only.")
    private String target;

    @Option(names = "--token", paramLabel = "T", description = "The target's consent: from its `parley attack allow`.")
    private String token;

    @Option(
            names = "--target-log",
            paramLabel = "FILE",
            description = "The target's net.log. Without it no attack is judged to be blocked.")
    private Path targetLog;

    @Option(names = "--learn", description = "Show both sides as it happens, and then what stopped it.")
    private boolean learn;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write results.json, junit.xml, results.sarif and results.md there.")
    private Path report;

    @Option(names = "--keep", description = "Keep the nodes' directory, and say where it is.")
    private boolean keep;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Names of attacks.")
    private List<String> names = List.of();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Attack> chosen = chosen();
        List<Result> results = new ArrayList<>();
        if (target == null) {
            try (ProcessStand stand = ProcessStand.create(NodeCommand.built(), keep)) {
                if (keep) {
                    context.note("the nodes' files are in " + stand.home());
                }
                run(chosen, stand, results);
            }
        } else {
            try (ForeignStand stand = foreign()) {
                run(chosen, stand, results);
            }
        }
        if (report != null) {
            Reports.write(report, results, VersionCommand.own());
            context.note("reports are in " + report);
        }
        if (context.json()) {
            context.json(Plainly.run(results));
        } else {
            table(results);
        }
        return exitCode(results);
    }

    private void run(List<Attack> chosen, Stand stand, List<Result> results) throws IOException, InterruptedException {
        for (Attack each : chosen) {
            progress(results.size() + 1, chosen.size(), each);
            results.add(learn ? taught(each, stand) : new Referee(Journal.NONE).judge(each, stand));
            told(results.getLast());
        }
    }

    private ForeignStand foreign() throws IOException {
        if (targetLog == null) {
            context.note("without --target-log it cannot be seen what the target logs: no verdict will be BLOCKED");
        } else if (!Files.isReadable(targetLog)) {
            throw Failure.usage("cannot read " + targetLog, "give the target's net.log, or leave --target-log out");
        }
        return ForeignStand.at(HostPort.parse(target), token, Optional.ofNullable(targetLog), context.now());
    }

    private List<Attack> chosen() {
        if (all == !names.isEmpty()) {
            throw Failure.usage("name attacks, or say --all", "`parley attack list` shows them");
        }
        if ((target == null) != (token == null) || target == null && targetLog != null || target != null && demo) {
            throw Failure.usage(
                    "a target needs both --target and --token",
                    "have its operator run `parley attack allow`; without a target two nodes are started and attacked");
        }
        if (target == null) {
            return all
                    ? Catalogue.all()
                    : names.stream().map(AttackCommand::find).toList();
        }
        if (all) {
            // A flood last: for a while a node sums up what strangers do after it, and tells of no other attack in
            // full.
            return Catalogue.all().stream()
                    .filter(Attack::fromOutside)
                    .sorted(Comparator.comparing(each -> each instanceof HandshakeFlood))
                    .toList();
        }
        for (Attack each : names.stream().map(AttackCommand::find).toList()) {
            if (!each.fromOutside()) {
                throw Failure.usage(
                        each.dossier().name() + " needs more of a node than its address",
                        "on a target run: "
                                + Catalogue.all().stream()
                                        .filter(Attack::fromOutside)
                                        .map(one -> one.dossier().name())
                                        .collect(Collectors.joining(", ")));
            }
        }
        return names.stream().map(AttackCommand::find).toList();
    }

    private Result taught(Attack attack, Stand stand) throws IOException, InterruptedException {
        Learn view = new Learn(
                text -> context.terminal().err().println(text),
                new Style(context.colour()),
                context.terminal().columns());
        view.begin(attack.dossier());
        Result result;
        LogWatch watch = new LogWatch(stand, view);
        try {
            result = new Referee(view).judge(attack, stand);
        } finally {
            watch.close();
        }
        view.end(result);
        return result;
    }

    private void progress(int number, int of, Attack attack) {
        if (!learn && context.terminal().outIsTerminal()) {
            context.note(number + "/" + of + " " + attack.dossier().name() + " …");
        }
    }

    private void told(Result result) {
        if (!learn) {
            context.note(String.format(
                    Locale.ROOT,
                    "%s %s %.1f s",
                    Width.pad(
                            result.verdict().toString(),
                            Verdict.INCONCLUSIVE.name().length()),
                    result.dossier().name(),
                    result.took().toMillis() / 1000.0));
        }
    }

    private void table(List<Result> results) {
        Style style = new Style(context.colour());
        Table table = new Table("NO", "ATTACK", "CONTROL", "PARLEY", "VERDICT", "WHY");
        for (Result each : results) {
            table.row(
                    each.dossier().number(),
                    each.dossier().name(),
                    each.control().map(RunCommand::outcome).orElse(null),
                    each.parley().map(RunCommand::outcome).orElse(null),
                    each.verdict(),
                    each.reason());
        }
        context.table(table);
        long blocked = count(results, Verdict.BLOCKED);
        String sum = blocked + " of " + results.size() + " blocked, " + count(results, Verdict.SUCCEEDED)
                + " succeeded, " + count(results, Verdict.INCONCLUSIVE) + " inconclusive";
        context.line(blocked == results.size() ? style.green(sum) : style.red(sum));
        results.stream()
                .filter(each -> each.verdict() != Verdict.BLOCKED)
                .forEach(each -> context.line(each.dossier().name() + ": " + Plain.line(each.reason())));
    }

    private static String outcome(Trial trial) {
        return trial.outcome().name().toLowerCase(Locale.ROOT);
    }

    private static long count(List<Result> results, Verdict verdict) {
        return results.stream().filter(each -> each.verdict() == verdict).count();
    }

    private static int exitCode(List<Result> results) {
        if (count(results, Verdict.SUCCEEDED) > 0) {
            return ANY_SUCCEEDED;
        }
        return count(results, Verdict.INCONCLUSIVE) > 0 ? ANY_INCONCLUSIVE : ExitCode.OK;
    }
}
