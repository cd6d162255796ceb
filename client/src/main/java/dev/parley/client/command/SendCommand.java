package dev.parley.client.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code parley send}. */
@Command(
        name = "send",
        description = {
            "Send a message to a peer or a group.",
            "The node keeps it until it is delivered: the peer need not be connected."
        })
public final class SendCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            index = "0",
            paramLabel = "PEER|@GROUP",
            description = "Alias, id, unique beginning of the id, or @ and the name of a group.")
    private String peer;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TEXT|-|@FILE", description = MessageBody.DESCRIPTION)
    private List<String> words;

    @Mixin
    private final SendOptions options = new SendOptions();

    public SendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return Delivered.send(
                context,
                options.request(PeerRef.of(peer), words, context.terminal().in(), "send"),
                options.awaited(),
                options.timeout());
    }
}
