package dev.parley.client.top;

import dev.parley.admin.LimitsInfo;
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

/** Below the head: which limits have refused connections of strangers, and which addresses are held back for how long. */
final class LimitsText {
    private static final Map<String, String> MEANINGS = Map.of(
            "held-back", "their address is held back",
            "half-open", "too many handshakes under way",
            "unwraps", "too many unwraps for one address",
            "waiting", "too much work waits",
            "sessions", "too many sessions");
    private static final int REASON = 12;
    private static final int FIGURE = 9;
    private static final int LEAST_ADDRESS = 15;
    private static final int MOST_ADDRESS = 25;
    /** Of the columns after the address; what does not fit is cut off at the right. */
    private static final int FIGURES = 4 * (FIGURE + 1) + 15;

    private final int columns;
    private final Style style;

    LimitsText(int columns, Style style) {
        this.columns = columns;
        this.style = style;
    }

    /**
     * @param isShort whether there are few rows
     * @param from how many addresses are above the first one shown
     * @param page how many fit
     */
    List<String> lines(Rates rates, boolean isShort, int from, int page) {
        List<String> lines = new ArrayList<>();
        reasons(lines, rates, isShort);
        List<LimitsInfo.HeldBack> held = rates.heldBack();
        long all = rates.stats().heldBack();
        int address = Math.clamp(columns - FIGURES, LEAST_ADDRESS, MOST_ADDRESS);
        String title = all
                + (address < MOST_ADDRESS ? " HELD BACK" : all == 1 ? " ADDRESS HELD BACK" : " ADDRESSES HELD BACK");
        lines.add(style.bold(cut(row(address, title, "FREE IN", "COST", "REFUSED", "HELD FOR", ""))));
        if (held.isEmpty()) {
            lines.add(cut(
                    rates.heldBackOrNull() == null
                            ? "this node does not say which; `parley limits` does"
                            : "no address is held back"));
            return lines;
        }
        Instant now = rates.stats().at();
        // Fewer may be held back than when the person moved.
        int first = Math.clamp(from, 0, Math.max(0, held.size() - page));
        held.stream().skip(first).limit(page).forEach(each -> lines.add(cut(row(address, each, now))));
        return lines;
    }

    /** Rows that are not addresses. */
    static int rowsOfHead(Rates rates, boolean isShort) {
        return isShort ? 2 : rates.refused().size() + 3;
    }

    private void reasons(List<String> lines, Rates rates, boolean isShort) {
        if (isShort) {
            lines.add(cut(rates.refused().stream()
                    .map(each ->
                            Plain.line(each.reason()) + " " + each.total() + " (" + TopText.number(each.rate()) + "/s)")
                    .collect(Collectors.joining(", ", "refused: ", ""))));
            return;
        }
        lines.add(style.bold(cut(reason("REFUSED", "A SECOND", "IN ALL", "BECAUSE"))));
        for (Rates.Refused each : rates.refused()) {
            lines.add(cut(reason(
                    Plain.line(each.reason()),
                    TopText.number(each.rate()),
                    Long.toString(each.total()),
                    MEANINGS.getOrDefault(each.reason(), ""))));
        }
        lines.add("");
    }

    private static String reason(String name, String rate, String total, String meaning) {
        return Width.pad(name, REASON) + right(rate) + right(total) + "  " + meaning;
    }

    private static String row(int address, LimitsInfo.HeldBack each, Instant now) {
        return row(
                address,
                Plain.line(each.address()),
                left(Duration.between(now, each.freeAt())),
                Long.toString(each.cost()),
                Long.toString(each.refused()),
                Words.duration(Duration.between(each.since(), now)),
                each.trusted() ? "trusted peers" : "");
    }

    /** The time left is the last to be cut off. */
    private static String row(
            int width, String address, String free, String cost, String refused, String since, String note) {
        return Width.pad(Width.cut(address, width), width) + right(free) + right(cost) + right(refused) + right(since)
                + "  " + note;
    }

    /** "1 m 53 s": near the end it is seconds that one waits for. */
    private static String left(Duration left) {
        long seconds = Math.max(0, left.toSeconds());
        return seconds < 60 || seconds >= 3600 ? Words.duration(left) : seconds / 60 + " m " + seconds % 60 + " s";
    }

    private static String right(String figure) {
        return " ".repeat(Math.max(0, FIGURE - Width.of(figure)) + 1) + figure;
    }

    private String cut(String text) {
        return Width.cut(text, columns);
    }
}
