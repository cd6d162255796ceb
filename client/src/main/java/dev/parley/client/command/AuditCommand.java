package dev.parley.client.command;

import dev.parley.client.http.Transport;
import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import dev.parley.client.text.AuditText;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley audit}: the node's net.log. */
@Command(
        name = "audit",
        synopsisSubcommandLabel = "COMMAND",
        description = "Read and verify the audit log of a node, net.log.")
public final class AuditCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private CommandSpec spec;

    private AuditCommand(Context context) {
        this.context = context;
    }

    /** With the commands below it that are classes of their own. */
    public static CommandLine with(Context context) {
        return new CommandLine(new AuditCommand(context))
                .addSubcommand("search", new AuditSearchCommand(context))
                .addSubcommand("export", new AuditExportCommand(context))
                .addSubcommand("report", new AuditReportCommand(context))
                .addSubcommand("witness", new AuditWitnessCommand(context))
                .addSubcommand("check-proof", new AuditCheckProofCommand(context))
                .addSubcommand("verify", new AuditVerifyCommand(context))
                .addSubcommand("tamper", new AuditTamperCommand(context));
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "audit needs a command: tail, search, export, report, verify, witness, check-proof or tamper");
    }

    @Command(description = "Show the last lines; as they are with --json, else readable.")
    int tail(
            @Option(
                            names = {"-n", "--lines"},
                            paramLabel = "N",
                            description = "So many (default: 20).")
                    Integer lines,
            @Option(
                            names = {"-f", "--follow"},
                            description = "And then the new ones as they come.")
                    boolean follow)
            throws IOException {
        int wanted = lines == null ? 20 : lines;
        if (wanted < 0) {
            throw Failure.usage("--lines takes a number from 0", null);
        }
        AuditText text = new AuditText(context.terminal().zone(), new Style(context.colour()));
        try (Transport.Lines log = context.node().audit(wanted, follow)) {
            for (String line = log.next(); line != null && !context.nobodyReads(); line = log.next()) {
                context.line(context.json() ? Plain.json(line) : readable(line, text));
            }
        }
        if (follow && !context.nobodyReads()) {
            throw new Failure(ExitCode.UNREACHABLE, "ended", "the node has ended the stream", "was it stopped?");
        }
        return ExitCode.OK;
    }

    private static String readable(String line, AuditText text) {
        try {
            if (Json.parse(line) instanceof Map<?, ?> fields) {
                return text.of(fields);
            }
        } catch (JsonException e) {
            // A line that was cut by a crash is shown as it is.
        }
        return Plain.line(line);
    }
}
