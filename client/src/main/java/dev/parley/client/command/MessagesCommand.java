package dev.parley.client.command;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.client.http.Request;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley messages}. */
@Command(name = "messages", description = "List the messages that were sent, or show one.")
public final class MessagesCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this one.")
    private String id;

    @Option(names = "--peer", paramLabel = "PEER", description = "Only those to this peer.")
    private String peer;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those in this state: ${COMPLETION-CANDIDATES}.")
    private DeliveryState state;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "At most so many, the latest (default: 20).")
    private int limit = 20;

    public MessagesCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (id != null) {
            context.answer(context.node().get(MessageInfo.class, "/messages/" + Request.encode(id)), this::print);
            return ExitCode.OK;
        }
        if (limit < 1) {
            throw Failure.usage("--limit takes a number from 1", null);
        }
        String query = "?limit=" + limit
                + (peer == null ? "" : "&peer=" + Request.encode(PeerRef.of(peer)))
                + (state == null ? "" : "&state=" + state.name());
        context.answer(context.node().list(MessageInfo.class, "/messages" + query), this::print);
        return ExitCode.OK;
    }

    private void print(MessageInfo message) {
        context.line("message   " + message.id());
        context.line("type      " + Plain.line(message.mediaType()));
        context.line("size      " + Words.size(message.size()));
        context.line("created   " + Words.ago(message.createdAt(), context.now()));
        Table table = new Table("PEER", "STATE", "SENT", "FINISHED", "REASON");
        for (Delivery each : message.deliveries()) {
            table.row(
                    PeerNames.of(each.alias(), each.peerId()),
                    Words.of(each.state()),
                    Words.ago(each.sentAt(), context.now()),
                    Words.ago(each.finishedAt(), context.now()),
                    each.reason());
        }
        context.table(table);
    }

    private void print(List<MessageInfo> messages) {
        if (messages.isEmpty()) {
            context.note("no messages");
            return;
        }
        Table table = new Table("MESSAGE", "TO", "STATE", "AGE", "SIZE", "TYPE");
        for (MessageInfo each : messages) {
            List<Delivery> to = each.deliveries();
            boolean one = to.size() == 1;
            table.row(
                    each.id(),
                    one ? PeerNames.of(to.getFirst().alias(), to.getFirst().peerId()) : Words.count(to.size(), "peer"),
                    one ? Words.of(to.getFirst().state()) : summary(each),
                    Words.ago(each.createdAt(), context.now()),
                    Words.size(each.size()),
                    each.mediaType());
        }
        context.table(table);
    }

    private static String summary(MessageInfo message) {
        StringBuilder text = new StringBuilder();
        message.summary()
                .forEach((key, count) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(Words.of(key)));
        return text.toString();
    }
}
