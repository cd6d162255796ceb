package dev.parley.client.attack;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.process.NodeCommand;
import dev.parley.client.text.Table;
import dev.parley.lab.Attack;
import dev.parley.lab.Catalogue;
import dev.parley.lab.Journal;
import dev.parley.lab.Referee;
import dev.parley.lab.Result;
import dev.parley.lab.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley attack}: the attack lab. */
@Command(
        name = "attack",
        synopsisSubcommandLabel = "COMMAND",
        description = "Attack live nodes, and controls that are weak on purpose, and see which attack succeeds where.")
public final class AttackCommand implements Callable<Integer> {
    private static final int ANY_SUCCEEDED = 1;
    private static final int ANY_INCONCLUSIVE = 2;

    private final Context context;

    @Spec
    private CommandSpec spec;

    public AttackCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "attack needs a command: list, run");
    }

    @Command(description = "Show all attacks.")
    int list() {
        Table table = new Table("NO", "NAME", "ATTACKER", "WHAT");
        for (Attack each : Catalogue.all()) {
            var dossier = each.dossier();
            table.row(dossier.number(), dossier.name(), dossier.position().title(), dossier.title());
        }
        context.table(table);
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Run attacks on two nodes that are started for it in a temporary directory.",
                "Exit code 0: all were blocked; 1: one succeeded; 2: one was inconclusive."
            })
    int run(
            @Option(names = "--all", description = "All attacks.") boolean all,
            @Option(names = "--keep", description = "Keep the nodes' directory.") boolean keep,
            @Option(names = "--verbose", description = "Tell what attacker and defender do.") boolean verbose,
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "Names of attacks.") List<String> names)
            throws IOException, InterruptedException {
        List<Attack> chosen = chosen(all, names == null ? List.of() : names);
        Journal journal = verbose
                ? (side, text) -> context.note(
                        String.format(Locale.ROOT, "%-8s | %s", side.name().toLowerCase(Locale.ROOT), text))
                : Journal.NONE;
        List<Result> results = new ArrayList<>();
        try (ProcessStand stand = ProcessStand.create(NodeCommand.built(), keep)) {
            Referee referee = new Referee(journal);
            for (Attack each : chosen) {
                Result result = referee.judge(each, stand);
                results.add(result);
                context.note(String.format(
                        Locale.ROOT,
                        "%-14s %-28s %5.1f s  %s",
                        result.verdict(),
                        result.dossier().name(),
                        result.took().toMillis() / 1000.0,
                        result.reason()));
            }
        }
        return exitCode(results);
    }

    private static List<Attack> chosen(boolean all, List<String> names) {
        if (all == !names.isEmpty()) {
            throw Failure.usage("name attacks, or say --all", "`parley attack list` shows them");
        }
        return all
                ? Catalogue.all()
                : names.stream()
                        .map(name -> Catalogue.find(name)
                                .orElseThrow(() ->
                                        Failure.usage("there is no attack " + name, "`parley attack list` shows them")))
                        .toList();
    }

    private static int exitCode(List<Result> results) {
        if (results.stream().anyMatch(each -> each.verdict() == Verdict.SUCCEEDED)) {
            return ANY_SUCCEEDED;
        }
        return results.stream().anyMatch(each -> each.verdict() == Verdict.INCONCLUSIVE)
                ? ANY_INCONCLUSIVE
                : ExitCode.OK;
    }
}
