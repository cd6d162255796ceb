package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code parley} itself: the options that every command has, and what happens without a command. */
@Command(
        name = "parley",
        description = "Drives a Parley node over its admin socket.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Without a command, on a terminal: a menu.", "Exit codes and examples: client/README.md"})
final class Parley implements Callable<Integer> {
    private final Context context;

    @Spec
    private CommandSpec spec;

    Parley(Context context) {
        this.context = context;
    }

    @Option(
            names = "--socket",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH",
            description =
                    "The node's admin socket (default: $PARLEY_SOCKET, else admin/parley.sock in $PARLEY_DATA_DIR or ./data).")
    void socket(Path path) {
        if (path != null) {
            context.setSocket(path);
        }
    }

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer in JSON: one document, or one a line for streams.")
    void json(boolean json) {
        context.setJson(json);
    }

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours (as with NO_COLOR set).")
    void noColour(boolean plain) {
        if (plain) {
            context.setNoColour();
        }
    }

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws Exception {
        if (context.terminal().interactive() && context.terminal().outIsTerminal()) {
            return Commands.menu(context);
        }
        CommandLine all = Commands.all(context);
        all.usage(context.terminal().err());
        return ExitCode.USAGE;
    }
}
