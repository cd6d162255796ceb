package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.Terminal;
import dev.parley.client.node.Node;

/**
 * The entry that the launcher takes. No command needs Quarkus' container, so this one does without and starts in half
 * the time; {@link App} is the same inside of it.
 */
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        int exitCode = run(arguments);
        // Returning is the quicker end: an exit sets up the logging that it may be logged to. No other thread is left.
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static int run(String... arguments) {
        Context context = new Context(Terminal.ofProcess(), Node::at);
        Integer exitCode = Shortcut.run(context, arguments);
        return exitCode != null ? exitCode : Commands.run(context, arguments);
    }
}
