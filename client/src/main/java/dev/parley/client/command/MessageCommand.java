package dev.parley.client.command;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley message}: the whole trace of one. */
@Command(name = "message", description = "Show a message that was sent, and everything that became of it.")
public final class MessageCommand implements Callable<Integer> {
    private static final int MOST = 1000;

    private final Context context;

    @Parameters(paramLabel = "ID", description = "The id, or a part of it that no other message has.")
    private String id;

    public MessageCommand(Context context) {
        this.context = context;
    }

    MessageCommand(Context context, String id) {
        this(context);
        this.id = id;
    }

    @Override
    public Integer call() throws Exception {
        Node node = context.node();
        Answer<MessageInfo> answer = node.get(MessageInfo.class, "/messages/" + resolve(node, id));
        context.answer(answer, this::print);
        return ExitCode.OK;
    }

    /** The whole id, for a path. */
    static String resolve(Node node, String id) throws IOException {
        return Request.encode(Ids.resolve(
                "message",
                id,
                () -> node.list(MessageInfo.class, "/messages?limit=" + MOST).value().stream()
                        .map(MessageInfo::id)
                        .toList()));
    }

    private void print(MessageInfo message) {
        context.line("message   " + message.id());
        context.line("to        " + to(message));
        context.line("type      " + Plain.line(message.mediaType()));
        context.line("size      " + Words.size(message.size()));
        context.line(
                "created   " + time(message.createdAt()) + " (" + Words.ago(message.createdAt(), context.now()) + ")");
        if (message.expiresAt() != null) {
            context.line("expires   " + time(message.expiresAt()));
        }
        for (Delivery each : message.deliveries()) {
            context.line("");
            context.line(PeerNames.of(each.alias(), each.peerId()) + ": " + Words.of(each.state()));
            step(each.queuedAt(), "queued");
            attempts(each);
            if (each.finishedAt() != null) {
                step(each.finishedAt(), ended(each));
            }
        }
    }

    private void attempts(Delivery delivery) {
        List<Delivery.Attempt> attempts = delivery.attempts() == null ? List.of() : delivery.attempts();
        for (Delivery.Attempt each : attempts) {
            step(
                    each.at(),
                    "sealed and sent in session " + each.sessionId() + ", epoch " + each.epoch() + ", record "
                            + each.n());
        }
        if (attempts.isEmpty() && delivery.sentAt() != null) {
            step(delivery.sentAt(), "sent");
        }
    }

    private static String to(MessageInfo message) {
        int peers = message.deliveries().size();
        return switch (message.scope()) {
            case DIRECT -> "one peer";
            case BROADCAST -> "everybody: " + Words.count(peers, "peer");
            case GROUP -> "the group " + Plain.line(message.group()) + ": " + Words.count(peers, "peer");
        };
    }

    private static String ended(Delivery delivery) {
        String what = delivery.state() == DeliveryState.DELIVERED
                ? "acknowledged: the peer has stored it"
                : Words.of(delivery.state());
        return what + (delivery.reason() == null ? "" : ": " + Plain.line(delivery.reason()));
    }

    private void step(Instant at, String what) {
        context.line("  " + time(at) + "  " + what);
    }

    private String time(Instant at) {
        return Words.time(at, context.terminal().zone());
    }
}
