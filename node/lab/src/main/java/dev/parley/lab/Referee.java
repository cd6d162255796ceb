package dev.parley.lab;

import dev.parley.lab.Trial.Outcome;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.LogLine;
import dev.parley.lab.stand.Stand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs attacks and judges them. An attack is BLOCKED only if, in the same run, it succeeded against its control, failed against live
 * nodes in the expected way, those nodes serve an honest peer afterwards, and their net.log has the lines that tell of it.
 * Whatever else happens, a time-out and a crash of the lab among it, is INCONCLUSIVE.
 */
public final class Referee {
    /** How long a line may take from the event to the file. */
    private static final Duration LOGGED_WITHIN = Duration.ofSeconds(10);

    private final Journal journal;

    public Referee(Journal journal) {
        this.journal = journal;
    }

    /** Tries the attack on its control and then on live nodes. */
    public Result judge(Attack attack, Stand stand) throws InterruptedException {
        long begun = System.nanoTime();
        var hearing = new Hearing(attack, begun);
        Trial control;
        try {
            control = within(
                    attack, begun, () -> attack.againstControl(attack.dossier().controlLacks(), journal));
        } catch (Unclear e) {
            return hearing.inconclusive("the attack on the control broke down: " + e.getMessage());
        }
        hearing.control = Optional.of(control);
        if (control.outcome() != Outcome.SUCCEEDED) {
            return hearing.inconclusive("it did not beat the control, so it proves nothing: " + control.saw());
        }
        Map<String, Long> before = new HashMap<>();
        Trial parley;
        try {
            within(attack, begun, () -> {
                stand.restore();
                return null;
            });
            for (LiveNode node : stand.nodes()) {
                before.put(node.name(), node.lastLine());
            }
            parley = within(attack, begun, () -> attack.againstParley(stand, journal));
        } catch (Unclear | java.io.IOException e) {
            return hearing.inconclusive("the attack on live nodes broke down: " + e.getMessage());
        }
        hearing.parley = Optional.of(parley);
        return switch (parley.outcome()) {
            case SUCCEEDED -> hearing.end(Verdict.SUCCEEDED, parley.saw());
            case UNCLEAR -> hearing.inconclusive(parley.saw());
            case FAILED -> confirm(hearing, stand, parley, before);
        };
    }

    private Result confirm(Hearing hearing, Stand stand, Trial parley, Map<String, Long> before)
            throws InterruptedException {
        if (parley.evidence().isEmpty()) {
            return hearing.inconclusive("the attack does not say what net.log must hold");
        }
        try {
            for (Trial.Evidence each : parley.evidence()) {
                if (!hearing.attack.dossier().expectedEvents().contains(each.event())) {
                    return hearing.inconclusive(each.event() + " is not among the events that the attack expects");
                }
                Optional<LogLine> line = stand.node(each.node())
                        .awaitLine(before.getOrDefault(each.node(), 0L), each.event(), each.fits(), LOGGED_WITHIN);
                if (line.isEmpty()) {
                    return hearing.inconclusive("it failed, but " + each.node() + "'s net.log does not tell of it: no "
                            + each.event() + " as expected");
                }
                hearing.lines.add(line.get().text());
            }
            within(hearing.attack, System.nanoTime(), () -> {
                stand.restore();
                stand.exchange();
                return null;
            });
        } catch (Unclear | java.io.IOException e) {
            return hearing.inconclusive("it failed, but afterwards an honest peer was not served: " + e.getMessage());
        }
        return hearing.end(Verdict.BLOCKED, parley.saw());
    }

    /** A trial that did not come to an end of its own. */
    private static final class Unclear extends Exception {
        private static final long serialVersionUID = 1;

        Unclear(String message) {
            super(message);
        }
    }

    @FunctionalInterface
    private interface Action<T> {
        T run() throws Exception;
    }

    private static <T> T within(Attack attack, long begun, Action<T> action) throws Unclear, InterruptedException {
        var task = new FutureTask<T>(action::run);
        Thread thread =
                Thread.ofVirtual().name("attack " + attack.dossier().name()).start(task);
        long left = attack.dossier().atMost().toNanos() - (System.nanoTime() - begun);
        try {
            return task.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Unclear("it took longer than " + attack.dossier().atMost().toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new Unclear(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        } finally {
            thread.interrupt();
        }
    }

    /** What is known so far of one attack. */
    private static final class Hearing {
        final Attack attack;
        final long begun;
        final List<String> lines = new ArrayList<>();
        Optional<Trial> control = Optional.empty();
        Optional<Trial> parley = Optional.empty();

        Hearing(Attack attack, long begun) {
            this.attack = attack;
            this.begun = begun;
        }

        Result inconclusive(String reason) {
            return end(Verdict.INCONCLUSIVE, reason);
        }

        Result end(Verdict verdict, String reason) {
            return new Result(
                    attack.dossier(),
                    verdict,
                    reason,
                    control,
                    parley,
                    lines,
                    Duration.ofNanos(System.nanoTime() - begun));
        }
    }
}
