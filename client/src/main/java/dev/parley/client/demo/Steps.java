package dev.parley.client.demo;

import dev.parley.client.node.ProblemException;
import dev.parley.client.text.Plain;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the demo's steps one after another, shows each as it ends, and keeps what came of them. */
final class Steps {
    /**
     * What came of one step.
     *
     * @param number from 1
     * @param title what was to be seen
     * @param passed whether it was
     * @param millis how long it took
     * @param facts what was seen, a line each
     * @param problem why it failed; null when it passed
     */
    record Outcome(int number, String title, boolean passed, long millis, List<String> facts, String problem) {
        Map<String, Object> forPrograms() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("number", number);
            fields.put("title", title);
            fields.put("passed", passed);
            fields.put("millis", millis);
            fields.put("facts", facts);
            if (problem != null) {
                fields.put("problem", problem);
            }
            return fields;
        }
    }

    /** Does something, throws if it was not seen to happen, and tells what was seen. */
    @FunctionalInterface
    interface Step {
        void run(Facts facts) throws Exception;
    }

    /** Takes what a step has seen, a line each. */
    interface Facts {
        void add(String line);

        default void add(String format, Object... values) {
            add(String.format(Locale.ROOT, format, values));
        }
    }

    /** A step was not seen to happen. The message is for the user. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    private final PrintStream out;
    private final Look look;
    private final List<Outcome> outcomes = new ArrayList<>();
    private volatile boolean stopped;

    /** @param out where the steps are shown; null to show nothing */
    Steps(PrintStream out, Look look) {
        this.out = out;
        this.look = look;
    }

    void heading(String text) {
        print("");
        print(look.bold(text));
    }

    /** @throws Failed if the step failed; it was shown already */
    void step(String title, Step step) throws Failed {
        int number = outcomes.size() + 1;
        List<String> facts = new ArrayList<>();
        long begun = System.nanoTime();
        String problem = null;
        try {
            step.run(facts::add);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = "interrupted";
        } catch (Failed e) {
            problem = e.getMessage();
        } catch (ProblemException e) {
            problem = "the node refused: " + Plain.line(e.problem().detail());
        } catch (Exception e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        Outcome outcome = new Outcome(number, title, problem == null, millis, List.copyOf(facts), problem);
        outcomes.add(outcome);
        show(outcome);
        if (problem != null) {
            throw new Failed("step " + number + " (" + title + ") failed: " + problem);
        }
    }

    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    private void show(Outcome outcome) {
        String mark = outcome.passed() ? look.green("✓") : look.red("✗");
        String seconds = String.format(Locale.ROOT, "%5.1f s", outcome.millis() / 1000.0);
        print(String.format(
                Locale.ROOT, "%s %2d  %-72s %s", mark, outcome.number(), outcome.title(), look.dim(seconds)));
        outcome.facts().forEach(each -> print("      " + each));
        if (outcome.problem() != null) {
            print("      " + look.red(outcome.problem()));
        }
    }

    /** Shows nothing more: the user has stopped the demo, and what fails now fails for that. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    private void print(String line) {
        if (out != null && !stopped) {
            out.println(line);
            out.flush();
        }
    }
}
