package dev.parley.client.command;

import dev.parley.client.command.Delivered.Wait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley send}. */
@Command(name = "send", description = "Send a message to a peer.")
public final class SendCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
    private String peer;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT|-|@FILE", description = MessageBody.DESCRIPTION)
    private List<String> words;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Media type (default: text/plain, or application/octet-stream if it is no text).")
    private String type;

    @Option(names = "--wait", paramLabel = "STATE", description = "Wait until it is sent or delivered (default: none).")
    private Wait wait = Wait.NONE;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long --wait waits: 500ms, 10s, 2m (default: 10s).")
    private Duration timeout = Duration.ofSeconds(10);

    public SendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Delivered.checkType(type);
        MessageBody body = MessageBody.of(words, context.terminal().in());
        return Delivered.send(context, body.request(PeerRef.of(peer), type), wait, timeout);
    }
}
