package dev.parley.client.command;

import dev.parley.admin.NodeStatus;
import dev.parley.client.audit.Report;
import dev.parley.client.audit.ReportText;
import dev.parley.client.http.Request;
import dev.parley.client.http.Transport;
import dev.parley.client.node.Node;
import dev.parley.client.text.Plain;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley audit report}. */
@Command(
        name = "report",
        description = {
            "What happened, on a page for who is responsible for security: what stands out first.",
            "Made from net.log and its rotated files."
        })
final class AuditReportCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From when on: how long ago (7d), a day, or an instant (default: all there is).")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before this time.")
    private String until;

    @Option(names = "--markdown", description = "As Markdown.")
    private boolean markdown;

    AuditReportCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Node node = context.node();
        Report report = new Report();
        try (Transport.Lines lines = node.searchAudit(query())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                report.add(line);
            }
        }
        if (context.json()) {
            context.json(report.fields());
            return ExitCode.OK;
        }
        NodeStatus status = node.get(NodeStatus.class, "/status").value();
        List<String> page = ReportText.of(
                report,
                (status.name() == null || status.name().isBlank() ? "" : Plain.line(status.name()) + " ")
                        + status.peerId(),
                markdown,
                context.terminal().zone());
        page.forEach(context::line);
        return ExitCode.OK;
    }

    private String query() {
        return "?limit=0" + moment("since", since) + moment("until", until);
    }

    private String moment(String name, String text) {
        return text == null
                ? ""
                : "&" + name + "="
                        + Request.encode(Moment.of(
                                        "--" + name,
                                        text,
                                        context.now(),
                                        context.terminal().zone())
                                .toString());
    }
}
