package dev.parley.client;

import dev.parley.client.command.ConnectionsCommand;
import dev.parley.client.command.Context;
import dev.parley.client.command.Failure;
import dev.parley.client.command.IdentityCommand;
import dev.parley.client.command.MessagesCommand;
import dev.parley.client.command.PeersCommand;
import dev.parley.client.command.SessionsCommand;
import dev.parley.client.command.StatusCommand;
import dev.parley.client.command.VersionCommand;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * The way round picocli for the commands that scripts and prompts call most, when they have no options of their own:
 * reading its annotations takes picocli longer than all the rest of such a command. Whatever is not exactly of that shape goes to
 * picocli, which alone knows what is wrong with it.
 */
final class Shortcut {
    private Shortcut() {}

    /** The exit code, or null if the arguments are not of the simple shape; then nothing was done. */
    static Integer run(Context context, String... arguments) {
        Callable<Integer> command = arguments.length == 0 ? null : command(context, arguments[0]);
        if (command == null) {
            return null;
        }
        boolean json = false;
        Path socket = null;
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals("--json") && !json) {
                json = true;
            } else if (arguments[i].equals("--socket")
                    && socket == null
                    && i + 1 < arguments.length
                    && !arguments[i + 1].startsWith("-")) {
                socket = Path.of(arguments[++i]);
            } else {
                return null;
            }
        }
        context.setJson(json);
        if (socket != null) {
            context.setSocket(socket);
        }
        try {
            return command.call();
        } catch (Exception e) {
            return context.report(Failure.of(e));
        }
    }

    private static Callable<Integer> command(Context context, String name) {
        return switch (name) {
            case "status" -> new StatusCommand(context);
            case "sessions" -> new SessionsCommand(context);
            case "connections" -> new ConnectionsCommand(context);
            case "peers" -> new PeersCommand(context);
            case "messages" -> new MessagesCommand(context);
            case "identity" -> new IdentityCommand(context);
            case "version" -> new VersionCommand(context);
            default -> null;
        };
    }
}
