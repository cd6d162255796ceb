package dev.parley.client.command;

import dev.parley.admin.DoctorReport;
import dev.parley.admin.Finding;
import dev.parley.admin.FindingLevel;
import dev.parley.admin.IdentityInfo;
import dev.parley.client.doctor.LastStart;
import dev.parley.client.doctor.StoppedNode;
import dev.parley.client.doctor.SystemTables;
import dev.parley.client.http.TransportException;
import dev.parley.client.node.Node;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley doctor}: what is wrong with the node, and what to do about it. Changes nothing. */
@Command(
        name = "doctor",
        description = {
            "Look whether all is well with the node, and say what to do where it is not. Changes nothing.",
            "Where no node answers: look at its files for what keeps it from starting.",
            "Exit code 0 if there is nothing to do, 9 if there is a problem, 10 if there are warnings alone."
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final String CHAIN = "audit-chain";

    private final Context context;

    @Option(
            names = {"-q", "--quick"},
            description = "Do not verify the chain of net.log, which reads all of it.")
    private boolean quick;

    @Option(names = "--problems", description = "Show only what there is to do.")
    private boolean problems;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The data directory of a node that does not run (default: $PARLEY_DATA_DIR, else where the socket would be).")
    private Path data;

    public DoctorCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        boolean running = data == null;
        List<Finding> findings = new ArrayList<>();
        if (running) {
            try {
                DoctorReport report =
                        context.node().get(DoctorReport.class, "/doctor").value();
                findings.addAll(report.findings());
                if (!quick) {
                    findings.add(chainOfNode(context.node()));
                }
            } catch (TransportException e) {
                if (e.kind() == TransportException.Kind.DENIED || e.kind() == TransportException.Kind.BAD_PATH) {
                    throw e;
                }
                running = false;
                findings.clear();
                findings.add(Finding.problem(
                        "node",
                        context.socketPath().toString(),
                        "no node answers: " + e.getMessage(),
                        "start it with `parley node` in its directory, once the rest is well"));
            }
        }
        if (!running) {
            ofFiles(findings);
        }
        Map<FindingLevel, Integer> counts = new EnumMap<>(FindingLevel.class);
        for (FindingLevel level : FindingLevel.values()) {
            counts.put(level, 0);
        }
        findings.forEach(each -> counts.merge(each.level(), 1, Integer::sum));
        if (problems) {
            findings.removeIf(each -> each.level().compareTo(FindingLevel.WARNING) < 0);
        }
        if (context.json()) {
            printJson(running, findings, counts);
        } else {
            print(findings, counts);
        }
        return counts.get(FindingLevel.PROBLEM) > 0
                ? ExitCode.PROBLEM
                : counts.get(FindingLevel.WARNING) > 0 ? ExitCode.WARNING : ExitCode.OK;
    }

    private void ofFiles(List<Finding> findings) {
        Path socket = context.socketPath();
        Path directory = data == null ? directoryOf(socket) : data;
        Path log = directory.resolve("net.log");
        findings.add(LastStart.of(log));
        findings.addAll(new StoppedNode(
                        directory,
                        socket,
                        context.terminal().environment(),
                        context.now(),
                        new SystemTables(Path.of("/proc")))
                .findings());
        if (!quick && Files.exists(log)) {
            findings.add(chainOfFiles(directory));
        }
    }

    private Path directoryOf(Path socket) {
        String set = context.terminal().environment().getOrDefault("PARLEY_DATA_DIR", "");
        if (!set.isEmpty()) {
            return Path.of(set);
        }
        Path admin = socket.toAbsolutePath().getParent();
        return admin != null && admin.endsWith("admin") ? admin.getParent() : Path.of("data");
    }

    private static Finding chainOfNode(Node node) {
        try {
            String whose = node.get(IdentityInfo.class, "/identity").value().peerId();
            return chain(LogVerifier.of(whose, List.of(), false).verify(List.of(new NodeLog(node))));
        } catch (IOException e) {
            return Finding.unknown(CHAIN, "the log could not be fetched: " + Plain.line(e.getMessage()));
        }
    }

    private static Finding chainOfFiles(Path directory) {
        try (var files = Files.newDirectoryStream(directory, "net.log*")) {
            List<LogFile> all = new ArrayList<>();
            files.forEach(each -> all.add(LogFile.of(each)));
            return chain(LogVerifier.of(null, List.of(), false).verify(all));
        } catch (IOException e) {
            return Finding.unknown(CHAIN, "net.log could not be read");
        }
    }

    private static Finding chain(Report report) {
        if (report.holds()) {
            return Finding.ok(
                    CHAIN,
                    report.lines() + " lines hold, up to " + report.to() + "; "
                            + (report.unsealed() == 0 ? "all are sealed" : report.unsealed() + " are not sealed yet"));
        }
        return Finding.problem(
                CHAIN,
                "net.log",
                AuditReport.text(report.broken().getFirst())
                        + (report.broken().size() > 1
                                ? ", and " + (report.broken().size() - 1) + " more"
                                : ""),
                "`parley audit verify` shows all of it: was an older copy put back, or has somebody changed the log?");
    }

    private void printJson(boolean running, List<Finding> findings, Map<FindingLevel, Integer> counts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("running", running);
        fields.put("findings", findings);
        fields.put("counts", counts);
        context.json(fields);
    }

    private void print(List<Finding> findings, Map<FindingLevel, Integer> counts) {
        Style style = new Style(context.colour());
        for (Finding each : findings) {
            String head = switch (each.level()) {
                case OK -> style.green("ok       ");
                case UNKNOWN -> style.dim("not known");
                case WARNING -> style.yellow("warning  ");
                case PROBLEM -> style.red("PROBLEM  ");
            };
            String check = Plain.line(each.check());
            context.line(head + "  " + check + " ".repeat(Math.max(1, 16 - check.length())) + Plain.line(each.text()));
            if (each.subject() != null && !each.text().contains(each.subject())) {
                context.line(" ".repeat(27) + "at " + Plain.line(each.subject()));
            }
            if (each.advice() != null) {
                context.line(" ".repeat(27) + "-> " + Plain.line(each.advice()));
            }
        }
        int bad = counts.get(FindingLevel.PROBLEM);
        int odd = counts.get(FindingLevel.WARNING);
        int unknown = counts.get(FindingLevel.UNKNOWN);
        context.line("");
        context.line(
                (bad + odd == 0 ? "nothing to do" : Words.count(bad, "problem") + ", " + Words.count(odd, "warning"))
                        + (unknown == 0 ? "" : "; not known: " + unknown));
    }
}
