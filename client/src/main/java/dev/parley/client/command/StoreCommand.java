package dev.parley.client.command;

import dev.parley.admin.PruneReply;
import dev.parley.admin.StoreInfo;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley store}: what the node keeps on its disk. */
@Command(
        name = "store",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Show what the node keeps, and how much room it takes; or make it less.")
public final class StoreCommand implements Callable<Integer> {
    /** A large store is written anew as a whole. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private final Context context;

    public StoreCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().get(StoreInfo.class, "/store"), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Give the room of what was deleted back to the disk.")
    int compact() throws IOException {
        Node node = context.node();
        long before =
                context.json() ? 0 : node.get(StoreInfo.class, "/store").value().bytes();
        Answer<StoreInfo> answer = node.post(StoreInfo.class, "/store/compact", null, LONG);
        context.answer(
                answer,
                store -> context.line(
                        "the store has " + Words.size(store.bytes()) + " now, it had " + Words.size(before)));
        return ExitCode.OK;
    }

    @Command(description = "Delete messages that were read or have ended and are older.")
    int prune(
            @Option(
                            names = "--older",
                            required = true,
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "Than this: 90d.")
                    Duration older,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes)
            throws IOException {
        if (!yes) {
            context.confirm("delete messages that are older than " + Words.duration(older) + " for good? [y/N] ");
        }
        Answer<PruneReply> answer = context.node()
                .post(PruneReply.class, "/store/prune?older=" + Request.encode(older.toString()), null, LONG);
        context.answer(
                answer,
                done -> context.line("deleted " + done.sent() + " sent and " + done.received() + " received messages"));
        return ExitCode.OK;
    }

    private void print(StoreInfo store) {
        if (!store.writable()) {
            context.line(new Style(context.colour()).red("NO MESSAGES ARE TAKEN NOW") + ": "
                    + Words.size(store.freeBytes()) + " are free on the disk");
        }
        context.line("file         " + Plain.line(store.file()));
        context.line("size         " + Words.size(store.bytes()) + ", of that " + Words.size(store.reclaimable())
                + " can be given back");
        context.line("files        " + Words.size(store.spoolBytes()));
        context.line("free         " + Words.size(store.freeBytes()));
        context.line("waiting      " + amount(store.waiting()));
        context.line("sent         " + amount(store.sent()));
        context.line("received     " + amount(store.received()) + ", " + store.unread() + " unread");
        context.line("oldest       " + Words.ago(store.oldest(), context.now()));
        List<StoreInfo.Share> peers = store.peers() == null ? List.of() : store.peers();
        if (!peers.isEmpty()) {
            context.line("");
            Table table = new Table("PEER", "WAITING", "", "RECEIVED", "", "UNREAD");
            for (StoreInfo.Share each : peers) {
                table.row(
                        PeerNames.of(each.alias(), each.peerId()),
                        each.waiting().messages(),
                        Words.size(each.waiting().bytes()),
                        each.received().messages(),
                        Words.size(each.received().bytes()),
                        each.unread());
            }
            context.table(table);
        }
    }

    private static String amount(StoreInfo.Amount amount) {
        return Words.count(amount.messages(), "message") + ", " + Words.size(amount.bytes());
    }
}
