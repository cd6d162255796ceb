package dev.parley.client.lab;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.process.NodeCommand;
import dev.parley.client.text.Table;
import dev.parley.lab.network.Account;
import dev.parley.lab.network.Drawing;
import dev.parley.lab.network.Network;
import dev.parley.lab.network.NetworkFile;
import dev.parley.lab.network.NetworkFileException;
import dev.parley.lab.network.NetworkRun;
import dev.parley.lab.network.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley lab network}. */
@Command(
        name = "network",
        description = {
            "Run a small network of real nodes that a file describes: delays, cuts, attackers, traffic.",
            "Exit code 0: every message arrived once, in order and unchanged; 1: one did not."
        })
final class NetworkCommand implements Callable<Integer> {
    private static final long LARGEST_FILE = 1 << 20;

    private final Context context;
    private int drawn;
    private String stage = "";

    @Parameters(paramLabel = "FILE", description = "YAML; node/lab/examples has some.")
    private Path file;

    @Option(names = "--check", description = "Read the file, and run nothing.")
    private boolean check;

    @Option(names = "--keep", description = "Keep the nodes' directory, and say where it is.")
    private boolean keep;

    NetworkCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Network network = read();
        if (check) {
            context.note(file + " is a network of " + network.nodes().size() + " nodes and "
                    + network.links().size() + " links");
            return ExitCode.OK;
        }
        Account account;
        try (NodeHouse house = NodeHouse.open(NodeCommand.built(), keep);
                NetworkRun run = new NetworkRun(network, house, state -> show(network, state))) {
            account = run.run();
            if (keep) {
                context.note("the nodes' directory is " + house.directory());
            }
        }
        if (context.json()) {
            context.json(fields(account));
        } else {
            print(account);
        }
        return account.ok() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Network read() throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new Failure(ExitCode.USAGE, "network-file", file + " is longer than 1 MiB", null);
        }
        try {
            return NetworkFile.parse(Files.readString(file));
        } catch (NetworkFileException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "network-file",
                    file + ", " + e.getMessage(),
                    "node/lab/README.md lists what a network may hold");
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new Failure(ExitCode.USAGE, "network-file", file + " is not UTF-8 text", null);
        }
    }

    /** On a terminal the drawing stays in its place; else it is shown when something new begins. */
    private void show(Network network, State state) {
        if (context.json()) {
            return;
        }
        var out = context.terminal().out();
        boolean live = context.terminal().outIsTerminal();
        if (!live && state.stage().equals(stage)) {
            return;
        }
        stage = state.stage();
        List<String> lines = Drawing.of(network, state);
        StringBuilder text = new StringBuilder();
        if (live && drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        lines.forEach(each -> text.append(each).append(live ? "\u001b[K\n" : "\n"));
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    private void print(Account account) {
        context.line("");
        Table messages =
                new Table("FROM", "TO", "SENT", "DELIVERED", "MISSING", "TWICE", "WRONG", "DISORDERED", "P50", "P99");
        for (Account.Pair each : account.pairs()) {
            messages.row(
                    each.from(),
                    each.to(),
                    each.sent(),
                    each.delivered(),
                    each.missing(),
                    each.duplicated(),
                    each.wrong(),
                    each.disordered(),
                    each.p50() + " ms",
                    each.p99() + " ms");
        }
        context.table(messages);
        context.line("");
        Table links =
                new Table("LINK", "CONNECTIONS", "SESSIONS", "RECONNECTS", "TAMPERINGS", "BYTES", "STALLS", "ATTACKER");
        for (Account.Way each : account.links()) {
            links.row(
                    each.link(),
                    each.connections(),
                    each.sessions(),
                    each.reconnects(),
                    each.tamperings(),
                    each.bytes(),
                    each.stalls(),
                    each.attacker().entrySet().stream()
                            .map(fact -> fact.getKey() + " " + fact.getValue())
                            .collect(Collectors.joining(", ")));
        }
        context.table(links);
        context.line("");
        account.faults().forEach(context::line);
        int sent = account.pairs().stream().mapToInt(Account.Pair::sent).sum();
        int delivered =
                account.pairs().stream().mapToInt(Account.Pair::delivered).sum();
        context.line(
                account.ok()
                        ? "all " + sent + " messages arrived, once, in order and unchanged"
                        : "not as it must be: " + delivered + " of " + sent + " messages arrived");
    }

    private static Map<String, Object> fields(Account account) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("network", account.network());
        fields.put("ok", account.ok());
        fields.put("seconds", account.seconds());
        fields.put("faults", account.faults());
        fields.put(
                "pairs",
                account.pairs().stream()
                        .map(each -> {
                            Map<String, Object> pair = new LinkedHashMap<>();
                            pair.put("from", each.from());
                            pair.put("to", each.to());
                            pair.put("sent", (long) each.sent());
                            pair.put("refused", (long) each.refused());
                            pair.put("delivered", (long) each.delivered());
                            pair.put("missing", (long) each.missing());
                            pair.put("duplicated", (long) each.duplicated());
                            pair.put("wrong", (long) each.wrong());
                            pair.put("disordered", (long) each.disordered());
                            pair.put("p50Millis", each.p50());
                            pair.put("p99Millis", each.p99());
                            return pair;
                        })
                        .toList());
        fields.put(
                "links",
                account.links().stream()
                        .map(each -> {
                            Map<String, Object> link = new LinkedHashMap<>();
                            link.put("link", each.link());
                            link.put("connections", (long) each.connections());
                            link.put("sessions", (long) each.sessions());
                            link.put("reconnects", (long) each.reconnects());
                            link.put("tamperings", (long) each.tamperings());
                            link.put("bytes", each.bytes());
                            link.put("stalls", each.stalls());
                            link.put("attacker", each.attacker());
                            return link;
                        })
                        .toList());
        return fields;
    }
}
