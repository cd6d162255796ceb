package dev.parley.client.lab;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.lab.sim.Defect;
import dev.parley.lab.sim.Outcome;
import dev.parley.lab.sim.Simulator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley lab sim}. */
@Command(
        name = "sim",
        description = {
            "Run the protocol in simulated nodes and networks, from seeds; each seed is the same run each time.",
            "Exit code 0: nothing was found; 1: a seed broke what must always hold."
        })
final class SimCommand implements Callable<Integer> {
    private static final int BAR = 40;
    private static final long HALF_SECOND = 500_000_000;

    private final Context context;
    private long failed;
    private long done;
    private long drawn;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "First seed (default: 1).")
    private long seed;

    @Option(names = "--count", paramLabel = "M", defaultValue = "1", description = "How many seeds (default: 1).")
    private long count;

    @Option(names = "--trace", description = "Show every event of the one seed.")
    private boolean trace;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "0",
            description = "Seeds at a time (default: one a processor).")
    private int threads;

    @Option(
            names = "--defect",
            paramLabel = "NAME",
            defaultValue = "none",
            description = "Build a mistake into the simulated nodes, to see it found: no-dedup, ack-before-commit ...")
    private String defect;

    SimCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (count < 1 || threads < 0) {
            throw usage("--count is 1 or more, --threads 0 or more", null);
        }
        if (trace && count != 1) {
            throw usage("--trace is for one seed", "leave --count out");
        }
        Defect chosen = defect();
        if (count == 1) {
            tell(Simulator.run(seed, chosen, trace ? context::line : null));
        } else {
            int workers = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
            long begun = System.nanoTime();
            Simulator.run(seed, count, chosen, workers, begun + Long.MAX_VALUE / 2, outcome -> {
                tell(outcome);
                return !context.nobodyReads();
            });
            summary((System.nanoTime() - begun) / 1e9);
        }
        return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void tell(Outcome outcome) {
        done++;
        failed += outcome.ok() ? 0 : 1;
        boolean bar = context.terminal().outIsTerminal() && !context.json() && count > 1;
        if (bar && !outcome.ok()) {
            context.terminal().out().print("\r\u001b[K");
        }
        if (context.json()) {
            context.json(fields(outcome));
        } else if (!bar || !outcome.ok()) {
            context.line(outcome.line());
        }
        if (!outcome.ok() && !trace && !context.json()) {
            context.note("hint: `parley lab sim --seed " + outcome.seed() + " --trace"
                    + (defect.equals("none") ? "" : " --defect " + defect) + "` shows how it came to it");
        }
        if (bar && (System.nanoTime() - drawn > HALF_SECOND || done == count)) {
            drawn = System.nanoTime();
            int full = (int) (BAR * done / count);
            context.terminal()
                    .out()
                    .print("\r[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + done + " of " + count + " seeds, "
                            + failed + " failed");
            context.terminal().out().flush();
        }
    }

    private void summary(double seconds) {
        if (context.json()) {
            return;
        }
        if (context.terminal().outIsTerminal()) {
            context.line("");
        }
        context.line(String.format(
                Locale.ROOT, "%d seeds, %d failed, %.1f s, %.0f seeds/s", done, failed, seconds, done / seconds));
    }

    private Defect defect() {
        return Arrays.stream(Defect.values())
                .filter(each -> each.text().equals(defect))
                .findFirst()
                .orElseThrow(() -> usage(
                        "there is no defect '" + defect + "'",
                        "one of "
                                + Arrays.stream(Defect.values())
                                        .map(Defect::text)
                                        .collect(Collectors.joining(", "))));
    }

    private static Map<String, Object> fields(Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seed", outcome.seed());
        fields.put("ok", outcome.ok());
        outcome.violation().ifPresent(what -> fields.put("violation", what));
        fields.put("nodes", (long) outcome.nodes());
        fields.put("virtualSeconds", outcome.seconds());
        fields.put("events", outcome.events());
        fields.put("handshakes", (long) outcome.handshakes());
        fields.put("sessions", (long) outcome.sessions());
        fields.put("messages", (long) outcome.messages());
        fields.put("ratchets", (long) outcome.ratchets());
        return fields;
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ExitCode.USAGE, "usage", message, hint);
    }
}
