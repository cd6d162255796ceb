package dev.parley.client.top;

import dev.parley.admin.NodeStats;
import dev.parley.client.command.Failure;
import dev.parley.client.node.Node;
import dev.parley.client.text.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The screen while it lives. A thread of its own asks the node, so that keys work while it does not answer; one that went away is
 * asked again until it is back.
 */
final class Live {
    private static final long LOOK_MILLIS = 100;

    private final Node node;
    private final Screen screen;
    private final Style style;
    private final Duration interval;
    private final Integer count;
    private volatile State state;
    private volatile boolean ended;

    /** @param away why the node does not answer; null while it does */
    private record State(Rates rates, String away, int snapshots) {}

    Live(Node node, Screen screen, Style style, Duration interval, Integer count, NodeStats first) {
        this.node = node;
        this.screen = screen;
        this.style = style;
        this.interval = interval;
        this.count = count;
        this.state = new State(Rates.between(null, first), null, 1);
    }

    /**
     * Until the person wants out, or as many snapshots were drawn as are wanted.
     *
     * @return the last that was drawn; empty if the person wanted out
     */
    List<String> run(Choice start) throws IOException {
        Thread asking = Thread.ofPlatform().daemon().name("stats").start(this::ask);
        try {
            Choice choice = start;
            State shown = state;
            // Often enough to draw every snapshot.
            long look = Math.min(LOOK_MILLIS, interval.toMillis() / 2);
            while (true) {
                State now = state;
                if (!choice.paused()) {
                    shown = now;
                }
                screen.measure();
                TopText text = new TopText(screen.columns(), screen.rows(), style);
                List<String> lines = text.lines(shown.rates(), choice, now.away());
                screen.draw(lines);
                if (count != null && shown.snapshots() >= count) {
                    return lines;
                }
                Choice.Key key = screen.key(look);
                if (key == Choice.Key.QUIT) {
                    return List.of();
                }
                if (key != null) {
                    choice = choice.after(key, shown.rates(), text.page(shown.rates(), choice));
                }
            }
        } finally {
            ended = true;
            asking.interrupt();
        }
    }

    private void ask() {
        NodeStats before = state.rates().stats();
        while (!ended && (count == null || state.snapshots() < count)) {
            try {
                Thread.sleep(interval.toMillis());
            } catch (InterruptedException end) {
                return;
            }
            State now = state;
            try {
                NodeStats stats = node.get(NodeStats.class, "/stats").value();
                state = new State(Rates.between(before, stats), null, now.snapshots() + 1);
                before = stats;
            } catch (IOException | RuntimeException e) {
                state = new State(now.rates(), Failure.of(e).getMessage() + "; asking again", now.snapshots());
            }
        }
    }
}
