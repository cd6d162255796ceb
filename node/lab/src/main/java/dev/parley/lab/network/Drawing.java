package dev.parley.lab.network;

import dev.parley.lab.network.Network.LinkSpec;
import dev.parley.lab.network.State.LinkState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a network with box characters: three lines for each link, who dials on the left. */
public final class Drawing {
    private static final int LINE = 34;

    private Drawing() {}

    /** Returns the lines. */
    public static List<String> of(Network network, State state) {
        int width = network.nodes().stream()
                .mapToInt(each -> each.name().length())
                .max()
                .orElse(1);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s, %.0f s of %d s",
                network.name(),
                state.stage(),
                state.seconds(),
                network.duration().toSeconds()));
        for (LinkState each : state.links()) {
            LinkSpec spec = each.spec();
            String top = "┌" + "─".repeat(width + 2) + "┐";
            String bottom = "└" + "─".repeat(width + 2) + "┘";
            lines.add(top + " " + centred(traits(spec), LINE) + " " + top);
            lines.add("│ " + padded(spec.from(), width) + " ├" + wire(each) + "┤ " + padded(spec.to(), width) + " │");
            lines.add(bottom + " " + centred(figures(each), LINE) + " " + bottom);
        }
        return lines;
    }

    private static String wire(LinkState state) {
        String stroke = state.cut() ? "╌" : state.up() ? "═" : "─";
        String middle = state.cut() ? " cut " : state.spec().attacker() == null ? "" : " ☠ ";
        int left = (LINE + 2 - middle.length()) / 2;
        return stroke.repeat(left) + middle + stroke.repeat(LINE + 2 - middle.length() - left);
    }

    private static String traits(LinkSpec spec) {
        List<String> traits = new ArrayList<>();
        if (!spec.delay().isZero() || !spec.jitter().isZero()) {
            traits.add(text(spec.delay()) + (spec.jitter().isZero() ? "" : "+" + text(spec.jitter())));
        }
        if (spec.rate() > 0) {
            traits.add(spec.rate() >= 1 << 10 ? (spec.rate() >> 10) + " KiB/s" : spec.rate() + " B/s");
        }
        if (spec.loss() > 0) {
            traits.add(String.format(Locale.ROOT, "%.1f%% loss", 100 * spec.loss()));
        }
        if (spec.attacker() != null) {
            traits.add(spec.attacker().kind().name().toLowerCase(Locale.ROOT));
        }
        return String.join(", ", traits);
    }

    private static String figures(LinkState state) {
        return (state.up() ? "up" : "down") + ", " + state.out() + " sent ─▶, ◀─ " + state.back() + " sent";
    }

    private static String text(Duration duration) {
        return duration.toMillis() < 1_000 ? duration.toMillis() + " ms" : duration.toMillis() / 1_000.0 + " s";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String centred(String text, int width) {
        String cut = text.length() > width ? text.substring(0, width) : text;
        int left = (width - cut.length()) / 2;
        return " ".repeat(left) + cut + " ".repeat(width - cut.length() - left);
    }
}
