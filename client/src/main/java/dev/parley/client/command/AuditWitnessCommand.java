package dev.parley.client.command;

import dev.parley.admin.WitnessInfo;
import dev.parley.client.node.Answer;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley audit witness}. */
@Command(
        name = "witness",
        description = {
            "Show what this node holds of a peer's log: what the peer has signed of it.",
            "With -o it is written to a file, with which the peer's operator verifies that log: parley audit verify --against FILE."
        })
final class AuditWitnessCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "PEER", description = PeerRef.DESCRIPTION)
    private String peer;

    @Option(names = "--own", description = "Ask the peer what it holds of this node's log instead.")
    private boolean own;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to.")
    private Path file;

    @Option(names = "--force", description = "Overwrite FILE if there is one.")
    private boolean force;

    AuditWitnessCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Answer<List<WitnessInfo>> answer =
                context.node().list(WitnessInfo.class, "/witness/" + PeerRef.encoded(peer) + (own ? "/own" : ""));
        List<WitnessInfo> heads = answer.value();
        if (heads.isEmpty() && !context.json()) {
            context.note(own ? "the peer holds nothing of this node's log" : "this node holds nothing of that log");
        }
        if (heads.isEmpty()) {
            return ExitCode.NOT_FOUND;
        }
        if (file != null) {
            StringBuilder lines = new StringBuilder();
            heads.forEach(each -> lines.append(each.head()).append('\n'));
            byte[] bytes = lines.toString().getBytes(StandardCharsets.US_ASCII);
            OutputFile.write(file, force, out -> out.write(bytes));
        }
        if (context.json() && file != null) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file.toString());
            fields.put("heads", heads.size());
            context.json(fields);
        } else if (context.json()) {
            context.line(Plain.json(answer.json()));
        } else if (file != null) {
            context.line("wrote " + Words.count(heads.size(), "head") + " to " + Plain.line(file.toString()));
        } else {
            table(heads);
        }
        return ExitCode.OK;
    }

    private void table(List<WitnessInfo> heads) {
        Table table = new Table("LINE", "SIGNED", "CAME", "");
        for (WitnessInfo each : heads) {
            table.row(
                    each.line(),
                    Words.time(each.time(), context.terminal().zone()),
                    Words.time(each.cameAt(), context.terminal().zone()),
                    each.conflicting() ? "CONTRADICTS ANOTHER" : null);
        }
        context.table(table);
    }
}
