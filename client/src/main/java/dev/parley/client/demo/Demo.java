package dev.parley.client.demo;

import dev.parley.client.json.Json;
import dev.parley.client.process.NodeProcess;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The whole demo: one round for each suite between the same two nodes, then nothing left; and some attacks. */
final class Demo {
    /**
     * What is asked for.
     *
     * @param nodeCommand starts a node in its working directory
     * @param suites names of cipher suites, one round each
     * @param keep whether the nodes' directory stays
     * @param json whether to write one JSON document instead of text
     */
    record Request(List<String> nodeCommand, List<String> suites, boolean keep, boolean json) {}

    private final Request request;
    private final PrintStream out;
    private final PrintStream err;
    private final Look look;

    Demo(Request request, PrintStream out, PrintStream err, Look look) {
        this.request = request;
        this.out = out;
        this.err = err;
        this.look = look;
    }

    /** @return whether every step was seen to happen */
    boolean run() {
        long begun = System.nanoTime();
        Steps steps = new Steps(request.json() ? null : out, look);
        String problem = null;
        try {
            rounds(steps);
            new Attacks(request.nodeCommand(), steps).run();
        } catch (Steps.Failed | IOException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (steps.isStopped()) {
            return false;
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        if (request.json()) {
            out.println(Json.write(document(steps, problem, millis)));
        } else if (problem == null) {
            int count = steps.outcomes().size();
            out.println();
            out.println(look.bold(
                    String.format(Locale.ROOT, "all %d steps were seen to happen, in %.1f s", count, millis / 1000.0)));
        }
        if (problem != null) {
            err.println("error: the demo failed: " + problem);
        }
        out.flush();
        err.flush();
        return problem == null;
    }

    private void rounds(Steps steps) throws Steps.Failed, IOException {
        World world = World.create(request.nodeCommand(), request.keep(), steps::stop);
        try (world) {
            playAll(world, steps);
        } finally {
            if (request.keep()) {
                err.println("the nodes' files are in " + world.directory());
            }
        }
        if (!request.keep()) {
            steps.step("the temporary directory is gone", facts -> {
                if (Files.exists(world.directory())) {
                    throw new Steps.Failed("still there: " + world.directory());
                }
            });
        }
    }

    private void playAll(World world, Steps steps) throws Steps.Failed {
        try {
            boolean first = true;
            for (String suite : request.suites()) {
                new Round(world, steps, suite, first).run();
                first = false;
            }
        } catch (Steps.Failed e) {
            // Now, for the output goes with the directory.
            if (!steps.isStopped()) {
                world.nodes().forEach(this::tail);
            }
            throw e;
        }
    }

    private void tail(NodeProcess node) {
        err.println("the last that " + node.name() + " said:");
        node.lastOutput().forEach(line -> err.println("    " + Plain.line(line)));
    }

    private static Map<String, Object> document(Steps steps, String problem, long millis) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("passed", problem == null);
        document.put("millis", millis);
        if (problem != null) {
            document.put("problem", problem);
        }
        document.put(
                "steps",
                steps.outcomes().stream().map(Steps.Outcome::forPrograms).toList());
        return document;
    }
}
