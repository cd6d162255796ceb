package dev.parley.client.text;

import dev.parley.admin.DeliveryState;
import dev.parley.admin.HistoryEntry;
import dev.parley.admin.HistoryEntry.Direction;
import java.time.ZoneId;

/**
 * An entry of the history as one or more lines for people: a star if it was not read yet, the time, which way it went, with whom,
 * the text and, of what was sent, how far it came. The way stands in a column of its own, where no text of a peer can be.
 */
public record HistoryText(ZoneId zone, Style style) {
    private static final String INDENT = "\n            ";

    public String of(HistoryEntry entry) {
        boolean in = entry.direction() == Direction.IN;
        boolean unread = Boolean.TRUE.equals(entry.unread());
        String name = style.bold(PeerNames.of(entry.alias(), entry.peerId()))
                + (entry.group() == null ? "" : " (@" + Plain.line(entry.group()) + ")");
        return (unread ? style.yellow("*") : " ") + style.dim(Words.clock(entry.at(), zone)) + (in ? " < " : " > ")
                + name + ": " + body(entry) + (in ? "" : mark(entry));
    }

    private static String body(HistoryEntry entry) {
        return entry.text() == null
                ? "(" + Plain.line(entry.mediaType()) + ", " + Words.size(entry.size()) + ")"
                : Plain.block(entry.text().stripTrailing()).replace("\n", INDENT);
    }

    private String mark(HistoryEntry entry) {
        if (entry.state() == null) {
            return "";
        }
        String reason = entry.reason() == null ? "" : ": " + Plain.line(entry.reason());
        return "  " + mark(entry.state(), style) + style.dim(reason);
    }

    /** How far a message came: one tick when it is written to a session, two when the peer has it. */
    public static String mark(DeliveryState state, Style style) {
        return switch (state) {
            case QUEUED -> style.dim("… queued");
            case SENT -> style.dim("✓ sent");
            case DELIVERED -> style.green("✓✓");
            case REFUSED, EXPIRED, CANCELLED -> style.red("✗ " + Words.of(state));
        };
    }
}
