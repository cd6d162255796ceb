package dev.parley.client.demo;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.process.NodeCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley demo}. */
@Command(
        name = "demo",
        description = {
            "Show everything with two real nodes on this machine.",
            "Starts them in a temporary directory, lets them meet over a tapped wire, sends messages each way, flips a bit,"
                    + " and stops them; once for each cipher suite. Then attacks two more. Exit code 0 only if every step was seen"
                    + " to happen."
        })
public final class DemoCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--keep", description = "Keep the nodes' directory, and say where it is.")
    private boolean keep;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "A256GCM,A256CBC-HS512",
            description = "Cipher suites, one round each (default: ${DEFAULT-VALUE}).")
    private List<String> suites;

    public DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var request = new Demo.Request(NodeCommand.built(), suites, keep, context.json());
        var terminal = context.terminal();
        boolean passed = new Demo(request, terminal.out(), terminal.err(), new Look(context.colour())).run();
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }
}
