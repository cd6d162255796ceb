package dev.parley.client.command;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley cancel}. */
@Command(name = "cancel", description = "Take a message back, as far as it is not on its way or has arrived.")
public final class CancelCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The id, or a part of it that no other message has.")
    private String id;

    @Option(names = "--peer", paramLabel = "PEER", description = "Only for this peer of several.")
    private String peer;

    public CancelCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Node node = context.node();
        String query = peer == null ? "" : "?peer=" + Request.encode(PeerRef.of(peer));
        Answer<MessageInfo> answer =
                node.delete(MessageInfo.class, "/messages/" + MessageCommand.resolve(node, id) + query);
        context.answer(answer, this::print);
        return ExitCode.OK;
    }

    private void print(MessageInfo message) {
        for (Delivery each : message.deliveries()) {
            context.line(
                    Words.of(each.state()) + " " + message.id() + " to " + PeerNames.of(each.alias(), each.peerId())
                            + (each.state() == DeliveryState.SENT ? ": it is on its way" : ""));
        }
    }
}
