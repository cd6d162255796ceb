package dev.parley.client.top;

import dev.parley.admin.NodeStats;
import dev.parley.admin.SessionInfo;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Width;
import dev.parley.client.text.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is on the screen: from rates and a choice to lines, none wider than the terminal and no more than it has rows. Nothing that a
 * peer has chosen gets here as it is.
 */
final class TopText {
    private static final String[] TITLES = {"PEER", "IN/s", "OUT/s", "MSG IN", "MSG OUT", "UP", "HEARD", "ADDRESS"};
    private static final int[] WIDTHS = {16, 9, 9, 7, 7, 9, 6, 0};
    /** In the order in which columns are left out where there is no room: the peer and its rates stay longest. */
    private static final int[] LEAVE = {7, 6, 5, 4, 3, 2, 1};

    private static final int LEAST_NAME = 8;

    private final int columns;
    private final int rows;
    private final Style style;

    /** @param rows of the terminal; 0 for as many as there are */
    TopText(int columns, int rows, Style style) {
        this.columns = Math.max(1, columns);
        this.rows = rows;
        this.style = style;
    }

    /** @param away why the node does not answer; null while it does */
    List<String> lines(Rates rates, Choice choice, String away) {
        List<String> lines = new ArrayList<>();
        if (rates == null) {
            lines.add(fit(style, "waiting for the node: " + (away == null ? "" : away), away != null));
            return lines;
        }
        head(lines, rates, choice, away);
        if (choice.help()) {
            help(lines);
        } else {
            switch (choice.view()) {
                case SESSIONS -> sessions(lines, rates, choice);
                case SESSION -> detail(lines, rates, choice);
                case LIMITS ->
                    lines.addAll(
                            new LimitsText(columns, style).lines(rates, isShort(), choice.from(), page(rates, choice)));
            }
        }
        return rows > 0 && lines.size() > rows ? List.copyOf(lines.subList(0, rows)) : lines;
    }

    /** How many sessions, or addresses that are held back, fit below the head. */
    int page(Rates rates, Choice choice) {
        if (rows == 0) {
            return Integer.MAX_VALUE;
        }
        int titles = choice.view() == Choice.View.LIMITS ? LimitsText.rowsOfHead(rates, isShort()) : 1;
        return Math.max(1, rows - headRows(rates) - titles);
    }

    private boolean isShort() {
        return rows > 0 && rows < 14;
    }

    private int headRows(Rates rates) {
        return isShort() ? 2 : rates.stats().transfersTotal() > 0 ? 6 : 5;
    }

    private void head(List<String> lines, Rates rates, Choice choice, String away) {
        NodeStats stats = rates.stats();
        String state =
                away != null ? "AWAY: " + away : choice.paused() ? "PAUSED" : stats.ready() ? "ready" : "NOT READY";
        lines.add(fit(
                style,
                Words.orUnnamed(stats.name()) + "  "
                        + Plain.line(stats.peerId()
                                .substring(0, Math.min(8, stats.peerId().length())))
                        + "  up " + Words.duration(Duration.between(stats.startedAt(), stats.at())) + "  " + state
                        + (stats.auditWritable() ? "" : "  AUDIT LOG NOT WRITTEN"),
                away != null || !stats.auditWritable() || !stats.ready()));
        Rates.Flow flow = rates.total();
        String traffic = "in " + size(flow.bytesIn()) + "/s " + number(flow.messagesIn()) + " msg/s  out "
                + size(flow.bytesOut()) + "/s " + number(flow.messagesOut()) + " msg/s";
        lines.add(cut(traffic));
        if (isShort()) {
            return;
        }
        NodeStats.Outbox outbox = stats.outbox();
        lines.add(fit(
                style,
                "outbox " + outbox.messages() + " (" + Words.size(outbox.bytes()) + ")"
                        + (outbox.oldest() == null
                                ? ""
                                : ", oldest " + Words.duration(Duration.between(outbox.oldest(), stats.at())))
                        + "  unread " + stats.unread() + "  pending peers " + stats.pending(),
                false));
        lines.add(whole(List.of(
                "held back " + stats.heldBack(),
                "refused " + rates.refusedTotal() + " (" + number(rates.refusedRate()) + "/s)",
                "handshakes " + stats.handshakes(),
                "cpu " + (rates.cpu() == null ? "-" : Math.round(rates.cpu()) + "%"),
                "heap " + Words.size(stats.heapBytes()),
                "disk free " + Words.size(stats.freeBytes()),
                "log " + stats.auditLines() + " lines")));
        if (stats.transfersTotal() > 0) {
            lines.add(cut("files " + stats.transfersTotal() + ": "
                    + stats.transfers().stream().map(TopText::transfer).collect(Collectors.joining(", "))));
        }
        lines.add("");
    }

    private static String transfer(NodeStats.Transfer each) {
        String peer = each.alias() == null
                ? each.peerId().substring(0, Math.min(8, each.peerId().length()))
                : each.alias();
        long percent = each.size() == 0 ? 0 : each.transferred() * 100 / each.size();
        return (each.outgoing() ? "to " : "from ") + Plain.line(peer) + " " + Words.of(each.state()) + " " + percent
                + "% of " + Words.size(each.size());
    }

    private void sessions(List<String> lines, Rates rates, Choice choice) {
        List<Rates.Row> sorted = choice.sorted(rates);
        boolean[] shown = shown();
        int name = nameWidth(shown);
        int page = page(rates, choice);
        int place = choice.place(sorted);
        int from = page >= sorted.size() ? 0 : Math.clamp(place - page / 2, 0, sorted.size() - page);
        String[] titles = TITLES.clone();
        titles[0] = sorted.size() + (sorted.size() == 1 ? " PEER" : " PEERS");
        lines.add(style.bold(cut(row(titles, shown, name))));
        if (sorted.isEmpty()) {
            lines.add(cut("no session is up"));
        }
        for (int i = from; i < sorted.size() && i - from < page; i++) {
            boolean bar = i == place && rows > 0;
            String[] cells = cells(sorted.get(i), rates.stats().at());
            if (bar && !style.on()) {
                // Without colours too it has to be seen.
                cells[0] = ">" + cells[0];
            }
            String text = cut(row(cells, shown, name));
            lines.add(bar && style.on() ? "\033[7m" + Width.pad(text, columns) + "\033[0m" : text);
        }
    }

    private boolean[] shown() {
        boolean[] shown = new boolean[TITLES.length];
        java.util.Arrays.fill(shown, true);
        for (int each : LEAVE) {
            if (LEAST_NAME + width(shown) + (shown[7] ? 15 : 0) <= columns) {
                break;
            }
            shown[each] = false;
        }
        return shown;
    }

    /** Of all columns but the first and the last. */
    private static int width(boolean[] shown) {
        int width = 0;
        for (int i = 1; i < WIDTHS.length; i++) {
            width += shown[i] ? WIDTHS[i] + 2 : 0;
        }
        return width;
    }

    private int nameWidth(boolean[] shown) {
        int room = columns - width(shown) - (shown[7] ? 22 : 0);
        return Math.clamp(room, LEAST_NAME, 32);
    }

    private static String row(String[] cells, boolean[] shown, int name) {
        StringBuilder line = new StringBuilder(Width.pad(Width.cut(cells[0], name), name));
        for (int i = 1; i < cells.length; i++) {
            if (shown[i]) {
                String cell = cells[i];
                line.append("  ");
                // Figures to the right, addresses to the left.
                line.append(" ".repeat(WIDTHS[i] == 0 ? 0 : Math.max(0, WIDTHS[i] - Width.of(cell))))
                        .append(cell);
            }
        }
        return line.toString();
    }

    private static String[] cells(Rates.Row row, Instant now) {
        SessionInfo session = row.session();
        return new String[] {
            Plain.line(Choice.name(session)),
            size(row.flow().bytesIn()),
            size(row.flow().bytesOut()),
            number(row.flow().messagesIn()),
            number(row.flow().messagesOut()),
            Words.duration(Duration.between(session.upSince(), now)),
            Words.duration(Duration.between(session.lastHeard(), now)),
            Plain.line(session.remoteAddress())
        };
    }

    private void detail(List<String> lines, Rates rates, Choice choice) {
        Rates.Row row = rates.sessions().stream()
                .filter(each -> each.session().sessionId().equals(choice.selected()))
                .findFirst()
                .orElse(null);
        if (row == null) {
            lines.add(cut("this session has ended; Esc leads back"));
            return;
        }
        SessionInfo session = row.session();
        field(lines, "peer", Plain.line(Choice.name(session)));
        field(lines, "peer id", PeerNames.groups(session.peerId()));
        field(
                lines,
                "address",
                Plain.line(session.remoteAddress()) + (session.initiatedHere() ? ", dialed" : ", came in"));
        field(
                lines,
                "state",
                Words.of(session.state()) + ", " + Plain.line(session.suite()) + ", epoch " + session.epoch());
        field(
                lines,
                "up",
                Words.duration(Duration.between(session.upSince(), rates.stats().at())) + ", heard "
                        + Words.ago(session.lastHeard(), rates.stats().at()));
        field(
                lines,
                "received",
                traffic(
                        row.flow().bytesIn(),
                        row.flow().messagesIn(),
                        session.bytesReceived(),
                        session.messagesReceived()));
        field(
                lines,
                "sent",
                traffic(row.flow().bytesOut(), row.flow().messagesOut(), session.bytesSent(), session.messagesSent()));
        field(lines, "session", session.sessionId().toString());
        for (NodeStats.Transfer each : rates.stats().transfers()) {
            if (each.peerId().equals(session.peerId())) {
                field(lines, "file", transfer(each));
            }
        }
    }

    private static String traffic(double bytes, double messages, long allBytes, long allMessages) {
        return size(bytes) + "/s, " + number(messages) + " messages/s; " + Words.size(allBytes) + " and " + allMessages
                + " messages in all";
    }

    private void field(List<String> lines, String name, String value) {
        lines.add(cut(name + " ".repeat(Math.max(1, 10 - name.length())) + value));
    }

    private void help(List<String> lines) {
        for (Map.Entry<String, String> each : List.of(
                Map.entry("up, down, PgUp, PgDn", "move, also with k and j"),
                Map.entry("Enter", "all of the session"),
                Map.entry("Esc", "back"),
                Map.entry("r", "who is refused, by reason, and held back, by address"),
                Map.entry("s", "sort by activity, messages, name, age"),
                Map.entry("p", "stop the figures, or have them go on"),
                Map.entry("q, Ctrl-C", "end"))) {
            lines.add(cut(Width.pad(each.getKey(), 22) + each.getValue()));
        }
    }

    /** As many of them as there is room for, and the first in any case: half a figure is worse than none. */
    private String whole(List<String> parts) {
        String line = parts.getFirst();
        for (String each : parts.subList(1, parts.size())) {
            String longer = line + "  " + each;
            line = Width.of(longer) <= columns ? longer : line;
        }
        return cut(line);
    }

    private String cut(String text) {
        return Width.cut(text, columns);
    }

    private String fit(Style how, String text, boolean alarm) {
        String cut = cut(text);
        return alarm ? how.red(cut) : cut;
    }

    static String size(double bytesASecond) {
        return bytesASecond > 0 && bytesASecond < 1 ? "<1 B" : Words.size(Math.round(bytesASecond));
    }

    static String number(double rate) {
        if (rate == 0) {
            return "0";
        }
        return rate < 10 ? Math.round(rate * 10) / 10.0 + "" : Long.toString(Math.round(rate));
    }
}
