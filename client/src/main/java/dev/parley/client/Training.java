package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.Terminal;
import dev.parley.client.node.Node;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/**
 * Runs the usual commands once in one process, so that the build can record in an ahead-of-time cache what they load.
 * Arguments: the socket of a node, or of something that answers like one.
 */
final class Training {
    private static final String[] COMMANDS = {
        "status",
        "status --json",
        "sessions",
        "connections",
        "peers",
        "peers approve a",
        "connect h 1 --accept-new",
        "send a text --wait delivered",
        "messages",
        "history a",
        "unread",
        "files",
        "watch -n 1",
        "audit tail",
        "audit verify",
        "identity",
        "version",
        "--help",
        "no-such-command"
    };

    private Training() {}

    public static void main(String... arguments) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), true, java.nio.charset.StandardCharsets.UTF_8);
        // What the real one loads is wanted too.
        Terminal.ofProcess();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                nowhere,
                nowhere,
                false,
                80,
                true,
                Map.of(),
                Clock.systemUTC(),
                ZoneId.systemDefault());
        for (String command : COMMANDS) {
            Context context = new Context(terminal, Node::at);
            context.setSocket(Path.of(arguments[0]));
            String[] words = command.split(" ");
            Shortcut.run(context, words);
            Commands.run(context, words);
        }
    }
}
