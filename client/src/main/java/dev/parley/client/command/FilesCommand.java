package dev.parley.client.command;

import dev.parley.admin.HistoryEntry.Direction;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley files}: files on their way, and decisions about them. */
@Command(
        name = "files",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "List the transfers of files, or do something about one.",
            "A transfer is named by its id, or a part of it (4 characters or more) that no other has."
        })
public final class FilesCommand implements Callable<Integer> {
    private static final int MOST = 1000;
    private static final String ID = "The id, or a part of it that no other has.";

    private final Context context;

    private FilesCommand(Context context) {
        this.context = context;
    }

    /** With the commands below it that are classes of their own. */
    public static CommandLine with(Context context) {
        return new CommandLine(new FilesCommand(context))
                .addSubcommand("send", new FilesSendCommand(context))
                .addSubcommand("get", new FilesGetCommand(context));
    }

    @Override
    public Integer call() throws Exception {
        return list(null, null, null);
    }

    @Command(description = "List the transfers, the latest first.")
    int list(
            @Option(names = "--peer", paramLabel = "PEER", description = "Only those with this peer.") String peer,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those in this state: ${COMPLETION-CANDIDATES}.")
                    TransferState state,
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            description = "At most so many (default: 50).")
                    Integer limit)
            throws IOException {
        int most = limit == null ? 50 : limit;
        if (most < 1) {
            throw Failure.usage("--limit takes a number from 1", null);
        }
        String query = "?limit=" + most
                + (peer == null ? "" : "&peer=" + Request.encode(PeerRef.of(peer)))
                + (state == null ? "" : "&state=" + state.name());
        context.answer(context.node().list(TransferInfo.class, "/files" + query), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Show one transfer.")
    int show(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
        Node node = context.node();
        context.answer(node.get(TransferInfo.class, "/files/" + resolve(node, id)), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Take a file that a peer offers.")
    int accept(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
        return decide(id, "accept");
    }

    @Command(description = "Do not take a file that a peer offers.")
    int decline(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
        return decide(id, "decline");
    }

    @Command(description = "Stop a transfer that has not ended.")
    int cancel(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
        return end(id, false);
    }

    @Command(description = "Remove a transfer that has ended from the list, and what came with it from the node.")
    int remove(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
        return end(id, true);
    }

    /** The whole id, for a path. */
    static String resolve(Node node, String id) throws IOException {
        return Request.encode(Ids.resolve(
                "transfer",
                id,
                () -> node.list(TransferInfo.class, "/files?limit=" + MOST).value().stream()
                        .map(TransferInfo::id)
                        .toList()));
    }

    /** "photo.jpg (3.0 MiB)". */
    static String named(TransferInfo transfer) {
        return Plain.line(transfer.name()) + " (" + Words.size(transfer.size()) + ")";
    }

    private int decide(String id, String verb) throws IOException {
        Node node = context.node();
        Answer<TransferInfo> answer =
                node.post(TransferInfo.class, "/files/" + resolve(node, id) + "/" + verb, null, Node.SHORT);
        context.answer(answer, file -> context.line(Words.of(file.state()) + " " + file.id() + ": " + named(file)));
        return ExitCode.OK;
    }

    /** One request does both, as the state has it: the state decides whether it is what was asked for. */
    private int end(String id, boolean ended) throws IOException {
        Node node = context.node();
        String whole = resolve(node, id);
        TransferInfo before = node.get(TransferInfo.class, "/files/" + whole).value();
        if (before.state().isFinal() != ended) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "transfer-state",
                    named(before) + " is " + Words.of(before.state()),
                    ended ? "`parley files cancel` stops it" : "`parley files remove` removes it from the list");
        }
        Answer<TransferInfo> answer = node.delete(TransferInfo.class, "/files/" + whole);
        if (answer.value() != null) {
            context.answer(answer, file -> context.line(Words.of(file.state()) + " " + whole + ": " + named(file)));
        } else if (context.json()) {
            context.json(Map.of("removed", whole));
        } else {
            context.line("removed " + whole + ": " + named(before));
        }
        return ExitCode.OK;
    }

    private void print(List<TransferInfo> transfers) {
        if (transfers.isEmpty()) {
            context.note("no files");
            return;
        }
        int length = Ids.brief(transfers.stream().map(TransferInfo::id).toList());
        Table table = new Table("ID", "", "PEER", "STATE", "DONE", "SIZE", "AGE", "NAME");
        for (TransferInfo each : transfers) {
            table.row(
                    "…" + Ids.end(each.id(), length),
                    each.direction() == Direction.OUT ? "to" : "from",
                    PeerNames.of(each.alias(), each.peerId()),
                    Words.of(each.state()),
                    percent(each),
                    Words.size(each.size()),
                    Words.ago(each.createdAt(), context.now()),
                    each.name());
        }
        context.table(table);
        if (transfers.stream()
                .anyMatch(each -> each.direction() == Direction.IN && each.state() == TransferState.OFFERED)) {
            context.note("offered ones wait for `parley files accept ID` or `parley files decline ID`");
        }
    }

    private static String percent(TransferInfo transfer) {
        if (transfer.state() == TransferState.SPOOLING || transfer.size() == 0) {
            return null;
        }
        return (int) (transfer.transferred() * 100.0 / transfer.size()) + " %";
    }

    private void print(TransferInfo file) {
        boolean out = file.direction() == Direction.OUT;
        context.line("transfer  " + file.id());
        context.line((out ? "to        " : "from      ") + PeerNames.of(file.alias(), file.peerId()));
        context.line("name      " + Plain.line(file.name()));
        context.line("type      " + (file.mediaType() == null ? "-" : Plain.line(file.mediaType())));
        context.line("size      " + Words.size(file.size()) + " (" + file.size() + " bytes)");
        context.line("sha-256   " + (file.sha256() == null ? "-" : Plain.line(file.sha256())));
        context.line("state     " + Words.of(file.state())
                + (file.reason() == null ? "" : ": " + Plain.line(file.reason())));
        context.line("done      " + Words.size(file.transferred())
                + (file.bytesPerSecond() == null ? "" : ", " + Words.size(file.bytesPerSecond()) + "/s"));
        context.line("created   " + time(file.createdAt()));
        if (file.finishedAt() != null) {
            context.line("finished  " + time(file.finishedAt()));
        }
    }

    private String time(java.time.Instant at) {
        return Words.time(at, context.terminal().zone());
    }

    /** For a path: ids that the node gave need no look. */
    static String path(UUID id) {
        return "/files/" + id;
    }
}
