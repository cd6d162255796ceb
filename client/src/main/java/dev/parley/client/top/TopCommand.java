package dev.parley.client.top;

import dev.parley.admin.NodeStats;
import dev.parley.client.command.Context;
import dev.parley.client.command.DurationConverter;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.command.Terminal;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley top}. */
@Command(
        name = "top",
        description = {
            "Show what the node does, as it does it: sessions with their rates, the outbox, files, who is held back.",
            "On a terminal: ? shows the keys. In a pipe, or with --batch: text, again and again; with --json: a document a line."
        })
public final class TopCommand implements Callable<Integer> {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);
    private static final int BATCH_COLUMNS = 120;

    private final Context context;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "How often the node is asked (default: ${DEFAULT-VALUE}); from 100ms to 1h.")
    private Duration interval;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many snapshots; of a full screen the last one stays on the terminal.")
    private Integer count;

    @Option(
            names = {"-b", "--batch"},
            description = "No full screen: plain text, one snapshot after the other.")
    private boolean batch;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "ACTIVITY",
            description = "Which sessions come first: activity, messages, name, age (default: activity).")
    private Choice.Sort sort;

    public TopCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
            throw Failure.usage("--interval takes a time from 100ms to 1h", null);
        }
        if (count != null && count < 1) {
            throw Failure.usage("--count takes a number from 1", null);
        }
        Terminal terminal = context.terminal();
        Node node = context.node();
        boolean dumb = terminal.environment().getOrDefault("TERM", "dumb").equals("dumb");
        if (context.json() || batch || !terminal.interactive() || !terminal.outIsTerminal() || dumb) {
            return inLines(node);
        }
        // Asked before the screen is taken, so that a missing node is a plain error.
        NodeStats first = node.get(NodeStats.class, "/stats").value();
        List<String> last;
        try (FullScreen screen = new FullScreen()) {
            last = new Live(node, screen, new Style(context.colour()), interval, count, first)
                    .run(Choice.START.sortedBy(sort));
        }
        // The screen took the picture away with it, and it may have been the only one.
        last.forEach(context::line);
        return ExitCode.OK;
    }

    private int inLines(Node node) throws IOException, InterruptedException {
        NodeStats before = null;
        long next = System.nanoTime();
        int left = count == null ? Integer.MAX_VALUE : count;
        while (true) {
            Answer<NodeStats> answer = node.get(NodeStats.class, "/stats");
            Rates rates = Rates.between(before, answer.value());
            context.answer(answer, stats -> print(rates));
            before = answer.value();
            if (--left == 0 || context.nobodyReads()) {
                return ExitCode.OK;
            }
            // By a clock of its own, so that the time of the answers does not add up.
            next += interval.toNanos();
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
    }

    private void print(Rates rates) {
        int columns = context.terminal().columns();
        context.line(Words.clock(rates.stats().at(), context.terminal().zone()));
        List<String> lines = new TopText(columns > 0 ? columns : BATCH_COLUMNS, 0, new Style(false))
                .lines(rates, Choice.START.sortedBy(sort), null);
        lines.forEach(line -> context.line(line.stripTrailing()));
        context.line("");
    }
}
