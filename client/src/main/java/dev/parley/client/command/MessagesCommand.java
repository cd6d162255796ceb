package dev.parley.client.command;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.client.http.Request;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley messages}. */
@Command(name = "messages", description = "List the messages that were sent; `parley message ID` shows one.")
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
            names = "--since",
            paramLabel = "TIME",
            description = "Only those since then: 2h (ago), 2026-01-31, 2026-01-31T12:00:00Z.")
    private String since;

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
            return new MessageCommand(context, id).call();
        }
        if (limit < 1) {
            throw Failure.usage("--limit takes a number from 1", null);
        }
        String query = "?limit=" + limit
                + (peer == null ? "" : "&peer=" + Request.encode(PeerRef.of(peer)))
                + (state == null ? "" : "&state=" + state.name())
                + (since == null ? "" : "&since=" + Request.encode(moment().toString()));
        context.answer(context.node().list(MessageInfo.class, "/messages" + query), this::print);
        return ExitCode.OK;
    }

    private Instant moment() {
        return Moment.of("--since", since, context.now(), context.terminal().zone());
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
                    one ? PeerNames.of(to.getFirst().alias(), to.getFirst().peerId()) : everybody(each),
                    one ? Words.of(to.getFirst().state()) : Delivered.summary(to),
                    Words.ago(each.createdAt(), context.now()),
                    Words.size(each.size()),
                    each.mediaType());
        }
        context.table(table);
    }

    private static String everybody(MessageInfo message) {
        return (message.group() == null ? "" : "@" + message.group() + ": ")
                + Words.count(message.deliveries().size(), "peer");
    }
}
