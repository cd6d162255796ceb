package dev.parley.client.lab;

import dev.parley.client.command.Context;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley lab}. */
@Command(
        name = "lab",
        synopsisSubcommandLabel = "COMMAND",
        description = "Try the protocol where it is hard: simulated, or as real nodes in a network of your own.")
public final class LabCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private LabCommand() {}

    /** With its subcommands. */
    public static CommandLine with(Context context) {
        return new CommandLine(new LabCommand())
                .addSubcommand(new SimCommand(context))
                .addSubcommand(new NetworkCommand(context));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "lab needs a command: sim, network");
    }
}
