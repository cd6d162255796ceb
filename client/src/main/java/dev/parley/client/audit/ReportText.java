package dev.parley.client.audit;

import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link Report} as a page: plain text, or the same as Markdown. */
public final class ReportText {
    private final Report report;
    private final boolean markdown;
    private final ZoneId zone;
    private final List<String> lines = new ArrayList<>();

    private ReportText(Report report, boolean markdown, ZoneId zone) {
        this.report = report;
        this.markdown = markdown;
        this.zone = zone;
    }

    /** @param node whose log it is */
    public static List<String> of(Report report, String node, boolean markdown, ZoneId zone) {
        ReportText text = new ReportText(report, markdown, zone);
        text.page(node);
        return text.lines;
    }

    private void page(String node) {
        lines.add((markdown ? "# " : "") + "Audit report of node " + escaped(node));
        item("period: " + when(report.from()) + " to " + when(report.to()));
        item("log: " + Words.count(report.lines(), "line") + ", " + Words.size(report.bytes()));
        head("What stands out");
        List<String> found = report.standsOut();
        found.forEach(each -> item(escaped(each)));
        if (found.isEmpty()) {
            item("nothing");
        }
        head("Who connected");
        peers();
        head("Turned away or failed");
        if (report.refusedByReason().isEmpty()) {
            item("nobody");
        } else {
            table("WHY", report.refusedByReason());
            lines.add("");
            table("FROM", report.refusedByAddress());
        }
        head("Keys and tampering");
        counts(
                "PEER_KEY_CHANGED",
                "a known peer's address answered with another key",
                "IDENTITY_ROTATED",
                "changes of this node's own identity key",
                "IDENTITY_EXPORTED",
                "exports of this node's own identity key",
                "PEER_KEY_ROTATED",
                "peers' changes of their keys, which the old keys vouch for",
                "PEER_ROTATION_CONFLICT",
                "peers' keys that vouch for two others",
                "PEER_REVOKED",
                "refusals of revoked keys",
                "TAMPERING",
                "records that did not open",
                "TRUNCATION",
                "connections cut without a goodbye",
                "PROTOCOL_VIOLATION",
                "peers that broke the protocol",
                "FILE_VIOLATION",
                "transfers that broke the rules",
                "WITNESS_CONFLICT",
                "logs of peers that contradict what they had signed");
        head("Messages and files");
        item("sent " + report.count("MESSAGE_SENT") + ", " + Words.size(report.amount("MESSAGE_SENT"))
                + "; acknowledged " + report.count("MESSAGE_ACKNOWLEDGED") + "; refused "
                + report.count("MESSAGE_REFUSED") + "; given up " + report.count("MESSAGE_FAILED"));
        item("received " + report.count("MESSAGE_RECEIVED") + ", " + Words.size(report.amount("MESSAGE_RECEIVED"))
                + "; of these a second time " + report.count("MESSAGE_DUPLICATE"));
        item("files completed " + report.count("FILE_COMPLETED") + ": out "
                + Words.size(report.amount("FILES_OUT")) + ", in " + Words.size(report.amount("FILES_IN"))
                + "; ended otherwise " + report.count("FILE_ENDED"));
        head("Admin commands");
        if (report.adminByUid().isEmpty()) {
            item("none");
        } else {
            table("BY", report.adminByUid());
            if (!report.adminRefused().isEmpty()) {
                lines.add("");
                table("REFUSED", report.adminRefused());
            }
        }
        if (!report.warnings().isEmpty()) {
            head("All warnings");
            table("EVENT", report.warnings());
        }
    }

    private void peers() {
        if (report.peers().isEmpty()) {
            item("nobody");
            return;
        }
        Rows rows = new Rows("PEER", "ALIAS", "SESSIONS", "MESSAGES IN", "OUT", "BYTES IN", "OUT", "LAST");
        report.peers().entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().sessions, a.getValue().sessions))
                .limit(Report.ROWS * 4L)
                .forEach(each -> {
                    Report.PeerUse use = each.getValue();
                    rows.row(
                            each.getKey(),
                            use.alias,
                            use.sessions,
                            use.messagesIn,
                            use.messagesOut,
                            Words.size(use.bytesIn),
                            Words.size(use.bytesOut),
                            when(use.last));
                });
        rows.end();
        item("bytes and messages are those of sessions that have ended");
    }

    private void table(String title, Tally tally) {
        Rows rows = new Rows(title, "TIMES");
        for (Map.Entry<String, Long> each : tally.most(Report.ROWS).entrySet()) {
            rows.row(each.getKey(), each.getValue());
        }
        rows.end();
    }

    private void counts(String... eventsAndWords) {
        boolean none = true;
        for (int i = 0; i < eventsAndWords.length; i += 2) {
            long count = report.count(eventsAndWords[i]);
            if (count > 0) {
                item(count + " " + eventsAndWords[i + 1] + " (" + escaped(eventsAndWords[i]) + ")");
                none = false;
            }
        }
        if (none) {
            item("none");
        }
    }

    private void head(String title) {
        lines.add("");
        lines.add(markdown ? "## " + title : title.toUpperCase(Locale.ROOT));
        if (markdown) {
            lines.add("");
        }
    }

    private void item(String text) {
        lines.add((markdown ? "- " : "  ") + text);
    }

    private String when(Instant time) {
        return time == null ? "-" : Words.time(time, zone).substring(0, 19);
    }

    /** Names come from strangers: they must not become markup. */
    private String escaped(String text) {
        String plain = Plain.line(text);
        return markdown ? plain.replaceAll("([\\\\`*_{}\\[\\]<>#|!&])", "\\\\$1") : plain;
    }

    /** Rows of either form. */
    private final class Rows {
        private final Table table;
        private final List<String> rows = new ArrayList<>();

        Rows(String... titles) {
            table = new Table(titles);
            rows.add("| " + String.join(" | ", titles) + " |");
            rows.add("|" + " --- |".repeat(titles.length));
        }

        void row(Object... cells) {
            table.row(cells);
            StringBuilder row = new StringBuilder("|");
            for (Object cell : cells) {
                row.append(' ')
                        .append(escaped(cell == null ? "-" : cell.toString()))
                        .append(" |");
            }
            rows.add(row.toString());
        }

        void end() {
            if (markdown) {
                lines.addAll(rows);
            } else {
                table.lines(0).forEach(each -> lines.add("  " + each));
            }
        }
    }
}
