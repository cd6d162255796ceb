package dev.parley.client.command;

import dev.parley.client.http.Request;
import dev.parley.client.json.Json;
import dev.parley.client.node.Node;
import dev.parley.client.text.Plain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley prove}: a file about a message for a third party. */
@Command(
        name = "prove",
        description = {
            "Make a file that shows a third party that a message was sent and arrived.",
            "The peer is asked for a receipt; without one the file says so, and shows less.",
            "The content is not in it, but lines of net.log about other things may be: see --short."
        })
public final class ProveCommand implements Callable<Integer> {
    /** The node looks through its log, and gives the peer its time. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Context context;

    @Parameters(paramLabel = "ID", description = "The message's id, or a part of it that no other message has.")
    private String id;

    @Option(names = "--peer", paramLabel = "PEER", description = "To whom, where the message went to several.")
    private String peer;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to. Without it: standard output.")
    private Path file;

    @Option(names = "--force", description = "Overwrite FILE if there is one.")
    private boolean force;

    @Option(
            names = "--short",
            description =
                    "Only the lines about the message, though they are then not linked to what the peer vouches for.")
    private boolean alone;

    public ProveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Node node = context.node();
        String query = "?linked=" + !alone + (peer == null ? "" : "&peer=" + Request.encode(PeerRef.of(peer)));
        String proof = node.text("POST", "/messages/" + MessageCommand.resolve(node, id) + "/proof" + query, LONG);
        Map<?, ?> fields = Json.parse(proof) instanceof Map<?, ?> object ? object : Map.of();
        Object without = fields.get("noReceipt");
        if (file == null) {
            context.line(Plain.json(proof));
        } else {
            // As it is: the sender's signature is over these characters.
            byte[] bytes = (proof + "\n").getBytes(StandardCharsets.UTF_8);
            OutputFile.write(file, force, out -> out.write(bytes));
            if (context.json()) {
                Map<String, Object> said = new LinkedHashMap<>();
                said.put("file", file.toString());
                said.put("receipt", without == null);
                said.put("noReceipt", without);
                context.json(said);
            } else {
                context.line("wrote the proof to " + Plain.line(file.toString()));
            }
        }
        if (without != null) {
            context.note("there is no receipt of the peer in it: " + Plain.line(without.toString()));
        }
        return ExitCode.OK;
    }
}
