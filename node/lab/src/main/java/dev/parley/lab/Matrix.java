package dev.parley.lab;

import dev.parley.lab.Trial.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Which defence stops which attack: each attack on its control with nothing switched off, with one defence off at a time, and with
 * all off that its dossier names. A defence that stops nothing is not needed, or not tested: {@link #idle}.
 */
public final class Matrix {
    private final List<Attack> attacks;
    private final Map<String, Row> rows;

    private Matrix(List<Attack> attacks, Map<String, Row> rows) {
        this.attacks = List.copyOf(attacks);
        this.rows = rows;
    }

    /**
     * What came of one attack.
     *
     * @param strong with nothing switched off
     * @param weak with all off that the dossier names
     * @param without with one defence off, by defence: those that the attack concerns
     */
    public record Row(Trial strong, Trial weak, Map<Defence, Trial> without) {
        public Row {
            without = Collections.unmodifiableMap(new EnumMap<>(without));
        }
    }

    /**
     * Tries them all.
     *
     * @param threads how many at once; most of them wait most of the time
     */
    public static Matrix of(List<Attack> attacks, int threads, Journal journal) throws InterruptedException {
        record Cells(Future<Trial> strong, Future<Trial> weak, Map<Defence, Future<Trial>> without) {}
        Map<String, Cells> cells = new LinkedHashMap<>();
        Map<String, Row> rows = new LinkedHashMap<>();
        try (ExecutorService pool =
                Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory())) {
            for (Attack attack : attacks) {
                Map<Defence, Future<Trial>> without = new EnumMap<>(Defence.class);
                for (Defence each : attack.concerns()) {
                    without.put(each, pool.submit(trial(attack, Set.of(each), journal)));
                }
                cells.put(
                        attack.dossier().name(),
                        new Cells(
                                pool.submit(trial(attack, Set.of(), journal)),
                                pool.submit(trial(attack, attack.dossier().controlLacks(), journal)),
                                without));
            }
            try {
                for (Map.Entry<String, Cells> each : cells.entrySet()) {
                    Map<Defence, Trial> without = new EnumMap<>(Defence.class);
                    for (Map.Entry<Defence, Future<Trial>> one :
                            each.getValue().without().entrySet()) {
                        without.put(one.getKey(), one.getValue().get());
                    }
                    rows.put(
                            each.getKey(),
                            new Row(
                                    each.getValue().strong().get(),
                                    each.getValue().weak().get(),
                                    without));
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                pool.shutdownNow();
            }
        }
        return new Matrix(attacks, rows);
    }

    /** One cell. Whatever goes wrong is unclear: no error of the lab looks like a defence, nor like an attack. */
    private static Callable<Trial> trial(Attack attack, Set<Defence> without, Journal journal) {
        return () -> {
            var task = new FutureTask<>(() -> attack.againstControl(without, journal));
            Thread thread = Thread.ofVirtual().start(task);
            try {
                return task.get(attack.dossier().atMost().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return Trial.unclear(
                        "it took longer than " + attack.dossier().atMost().toSeconds() + " s");
            } catch (ExecutionException e) {
                return Trial.unclear("it broke down: " + e.getCause());
            } finally {
                thread.interrupt();
            }
        };
    }

    public List<Attack> attacks() {
        return attacks;
    }

    /** The defences that any attack concerns: the columns. */
    public List<Defence> defences() {
        Set<Defence> all = EnumSet.noneOf(Defence.class);
        attacks.forEach(each -> all.addAll(each.concerns()));
        return List.copyOf(all);
    }

    public Row row(Attack attack) {
        return rows.get(attack.dossier().name());
    }

    /** What came of an attack without a defence; empty if its control has no such switch. */
    public Optional<Trial> cell(Attack attack, Defence without) {
        return Optional.ofNullable(row(attack).without().get(without));
    }

    /** The attacks that succeed when only this defence is off. */
    public List<String> stoppedBy(Defence defence) {
        return attacks.stream()
                .filter(each -> cell(each, defence)
                        .filter(trial -> trial.outcome() == Outcome.SUCCEEDED)
                        .isPresent())
                .map(each -> each.dossier().name())
                .toList();
    }

    /** Defences without which no attack succeeds that fails with them. */
    public List<Defence> idle() {
        return defences().stream().filter(each -> stoppedBy(each).isEmpty()).toList();
    }

    /** What is wrong, a sentence each; empty if the lab is sound. */
    public List<String> errors() {
        List<String> errors = new ArrayList<>();
        for (Attack each : attacks) {
            String name = each.dossier().name();
            Row row = row(each);
            if (row.strong().outcome() != Outcome.FAILED) {
                errors.add(name + " does not fail with nothing switched off: "
                        + row.strong().saw());
            }
            if (row.weak().outcome() != Outcome.SUCCEEDED) {
                errors.add(name + " does not beat its control: " + row.weak().saw());
            }
            row.without().forEach((defence, trial) -> {
                if (trial.outcome() == Outcome.UNCLEAR) {
                    errors.add(name + " without " + defence + " is unclear: " + trial.saw());
                }
            });
        }
        idle().forEach(each -> errors.add(each + " stops no attack"));
        return List.copyOf(errors);
    }
}
