package dev.parley.client.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code parley broadcast}. */
@Command(name = "broadcast", description = "Send a message to every trusted peer, present or absent.")
public final class BroadcastCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..*", paramLabel = "TEXT|-|@FILE", description = MessageBody.DESCRIPTION)
    private List<String> words;

    @Mixin
    private final SendOptions options = new SendOptions();

    public BroadcastCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return Delivered.send(
                context,
                options.request(null, words, context.terminal().in(), "broadcast"),
                options.awaited(),
                options.timeout());
    }
}
