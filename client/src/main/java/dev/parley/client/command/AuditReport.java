package dev.parley.client.command;

import dev.parley.client.text.Plain;
import dev.parley.evidence.Finding;
import dev.parley.evidence.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the verification of a log has shown, for people and for programs. */
final class AuditReport {
    private AuditReport() {}

    static void print(Context context, Report report) {
        if (context.json()) {
            context.json(fields(report));
            return;
        }
        report.broken().forEach(each -> context.line("broken       " + text(each)));
        if (report.lines() == 0) {
            context.line("the log does not hold: no line of it does");
        } else {
            context.line((report.holds() ? "holds        " : "holds up to  ") + count(report.lines(), "line")
                    + ", number " + report.firstSeq() + " to " + report.lastSeq() + ", from " + report.from() + " to "
                    + report.to());
        }
        context.line("written by   " + writers(report));
        context.line(
                "checkpoints  " + report.checkpoints() + ", " + report.anchors() + " of them signed by the identity");
        context.line("files        " + report.files().size());
        context.line("starts       " + report.starts());
        context.line("torn lines   " + report.torn());
        context.line("not sealed   "
                + (report.unsealed() == 0
                        ? "no line"
                        : count(report.unsealed(), "line") + " at the end, since the last checkpoint"));
        context.line("heads        "
                + (report.heads() == 0
                        ? "none kept elsewhere was compared"
                        : report.heads() + " kept elsewhere agree"));
        report.notes().forEach(each -> context.line("note         " + text(each)));
    }

    private static String writers(Report report) {
        if (report.identities().size() > 1) {
            return report.identities().stream().map(Plain::line).collect(Collectors.joining(", then "));
        }
        return report.peer() == null ? "nobody knows" : Plain.line(report.peer());
    }

    /** "net.log, line 7: what is wrong". */
    static String text(Finding finding) {
        var where = Plain.line(finding.file()) + (finding.line() > 0 ? ", line " + finding.line() : "");
        return (where.isEmpty() ? "" : where + ": ") + Plain.line(finding.text());
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static Map<String, Object> fields(Report report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("holds", report.holds());
        fields.put("peer", report.peer());
        fields.put("identities", report.identities());
        fields.put("files", report.files());
        fields.put("lines", report.lines());
        fields.put("firstSeq", report.firstSeq());
        fields.put("lastSeq", report.lastSeq());
        fields.put("from", report.from());
        fields.put("to", report.to());
        fields.put("checkpoints", report.checkpoints());
        fields.put("anchors", report.anchors());
        fields.put("starts", report.starts());
        fields.put("torn", report.torn());
        fields.put("unsealed", report.unsealed());
        fields.put("heads", report.heads());
        fields.put("broken", findings(report.broken()));
        fields.put("notes", findings(report.notes()));
        return fields;
    }

    private static List<Map<String, Object>> findings(List<Finding> findings) {
        return findings.stream().map(AuditReport::fields).toList();
    }

    static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", finding.kind().name());
        fields.put("file", finding.file());
        fields.put("line", finding.line());
        fields.put("seq", finding.seq());
        fields.put("text", finding.text());
        return fields;
    }
}
