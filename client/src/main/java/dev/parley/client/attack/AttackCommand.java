package dev.parley.client.attack;

import dev.parley.admin.AllowReply;
import dev.parley.admin.AllowRequest;
import dev.parley.client.attack.report.Plainly;
import dev.parley.client.command.Context;
import dev.parley.client.command.DurationConverter;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.Style;
import dev.parley.client.text.Table;
import dev.parley.lab.Attack;
import dev.parley.lab.Catalogue;
import dev.parley.lab.Dossier;
import java.io.IOException;
import java.time.Duration;
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
        subcommands = {},
        description = "Attack live nodes, and controls that are weak on purpose, and see which attack succeeds where.")
public final class AttackCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private CommandSpec spec;

    private AttackCommand(Context context) {
        this.context = context;
    }

    /** The command with those below it. */
    public static Object with(Context context) {
        var line = new picocli.CommandLine(new AttackCommand(context));
        line.addSubcommand("run", new RunCommand(context));
        line.addSubcommand("matrix", new MatrixCommand(context));
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "attack needs a command: list, explain, run, matrix, allow");
    }

    @Command(description = "Show all attacks.")
    int list() {
        if (context.json()) {
            context.json(Catalogue.all().stream()
                    .map(each -> Plainly.dossier(each.dossier()))
                    .toList());
            return ExitCode.OK;
        }
        Table table = new Table("NO", "NAME", "ATTACKER", "WHAT");
        for (Attack each : Catalogue.all()) {
            Dossier dossier = each.dossier();
            table.row(dossier.number(), dossier.name(), dossier.position().title(), dossier.title());
        }
        context.table(table);
        return ExitCode.OK;
    }

    @Command(description = "Explain an attack: what, why, the literature, and which line of defence stops it.")
    int explain(@Parameters(paramLabel = "NAME", description = "As `attack list` shows it.") String name) {
        Dossier dossier = find(name).dossier();
        if (context.json()) {
            context.json(Plainly.dossier(dossier));
            return ExitCode.OK;
        }
        Style style = new Style(context.colour());
        context.line(style.bold(dossier.number() + ". " + dossier.title()));
        context.line("");
        context.line("The attacker is " + dossier.position().title() + ": it "
                + dossier.position().means() + ". " + dossier.has());
        context.line("");
        int number = 1;
        for (String step : dossier.steps()) {
            context.line("  " + number++ + ". " + step);
        }
        context.line("");
        context.line("Why it works where it works: " + dossier.why());
        context.line("It must first beat this control: " + dossier.control() + ".");
        context.line("");
        for (var defence : dossier.defences()) {
            context.line("Stopped by " + Plainly.words(defence) + ": " + defence.means() + ".");
        }
        context.line("Expected: " + dossier.expectedClose() + "; in net.log: "
                + String.join(" or ", dossier.expectedEvents().stream().sorted().toList()) + ".");
        context.line("Row " + dossier.threat() + " of node/THREATS.md. Run it: parley attack run " + dossier.name()
                + " --learn");
        if (!dossier.references().isEmpty()) {
            context.line("");
            context.line("To read: " + String.join("; ", dossier.references()));
        }
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Agree to have this node attacked by a lab elsewhere, for a while.",
                "Prints a token for `parley attack run --target HOST:PORT --token T`. It changes nothing of what the node does;"
                        + " it is logged."
            })
    int allow(
            @Option(
                            names = "--for",
                            paramLabel = "TIME",
                            required = true,
                            converter = DurationConverter.class,
                            description = "For how long: 10m, 1h; at most 1d.")
                    Duration time)
            throws IOException {
        Answer<AllowReply> answer =
                context.node().post(AllowReply.class, "/attacks/allow", new AllowRequest(time.toSeconds()), Node.SHORT);
        context.answer(answer, reply -> {
            context.note("good until " + reply.until() + "; whoever has it can have the lab attack this node");
            context.line(reply.token());
        });
        return ExitCode.OK;
    }

    static Attack find(String name) {
        return Catalogue.find(name)
                .orElseThrow(() -> Failure.usage("there is no attack " + name, "`parley attack list` shows them"));
    }
}
