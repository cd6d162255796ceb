package dev.parley.client.chat;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.command.Terminal;
import dev.parley.client.node.Node;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley chat}. */
@Command(
        name = "chat",
        description = {
            "Talk with a peer, present or absent; what was said before is shown first, what others send as it comes.",
            "Lines that begin with / are commands: /help shows them. In a pipe: a message a line, no prompt."
        })
public final class ChatCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "PEER", description = "Whom to talk to (default: the only one connected).")
    private String peer;

    public ChatCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (context.json()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "usage",
                    "chat is for people",
                    "programs use `parley send` and `parley watch --json`");
        }
        Terminal terminal = context.terminal();
        boolean person = terminal.interactive() && terminal.outIsTerminal();
        Node node = context.node();
        // Asked before the screen is taken, so that a missing node is a plain error.
        node.list(dev.parley.admin.SessionInfo.class, "/sessions");
        try (Screen screen = person ? new LineScreen() : new PlainScreen(terminal.in(), terminal.out())) {
            Conversation conversation = new Conversation(context, node, screen::show);
            // What comes while the history is read is not missed.
            try (EventFeed _ =
                    new EventFeed(node, conversation::happened, screen::show, conversation::returned).start()) {
                conversation.begin(peer);
                String line = screen.read(conversation.prompt());
                while (line != null && conversation.typed(line)) {
                    line = screen.read(conversation.prompt());
                }
            }
        }
        return ExitCode.OK;
    }
}
