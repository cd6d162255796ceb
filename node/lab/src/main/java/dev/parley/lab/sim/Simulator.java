package dev.parley.lab.sim;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs seeds. Thread-safe: runs share nothing but the throwaway keys. */
public final class Simulator {
    private Simulator() {}

    /**
     * Runs one seed, some milliseconds.
     *
     * @param trace is told each event in a line, the same in every run of the seed; null: nothing is told
     */
    public static Outcome run(long seed, Defect defect, Consumer<String> trace) {
        World world = new World(seed, defect, trace);
        Optional<String> violation = Optional.empty();
        try {
            world.run();
        } catch (Violation found) {
            violation = Optional.of(found.getMessage());
        } catch (RuntimeException | Error escaped) {
            // A defect of the simulator's own, most likely: where it is helps.
            violation = Optional.of("the simulated host threw " + escaped + " at " + escaped.getStackTrace()[0]);
        }
        violation.ifPresent(what -> world.trace(() -> "VIOLATION: " + what));
        Oracle oracle = world.oracle();
        return new Outcome(
                seed,
                violation,
                world.scenario().nodes(),
                (double) world.clock().now() / Clockwork.SECOND,
                world.clock().count(),
                oracle.handshakes(),
                oracle.sessionsUp(),
                oracle.taken(),
                oracle.ratchets());
    }

    /**
     * Runs seeds from {@code first} on, several at a time, until all are done or {@code deadline}, in {@link System#nanoTime}, is over.
     *
     * @param each is told each outcome, one at a time, in no order; answers whether to go on
     * @return how many were run
     */
    public static long run(long first, long count, Defect defect, int threads, long deadline, Verdict each) {
        AtomicLong next = new AtomicLong(first);
        AtomicLong done = new AtomicLong();
        AtomicBoolean on = new AtomicBoolean(true);
        Runnable worker = () -> {
            long seed;
            while (on.get() && (seed = next.getAndIncrement()) < first + count && System.nanoTime() - deadline < 0) {
                Outcome outcome = run(seed, defect, null);
                synchronized (done) {
                    done.incrementAndGet();
                    if (on.get() && !each.goOn(outcome)) {
                        on.set(false);
                    }
                }
            }
        };
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            workers[i] = Thread.ofPlatform().daemon().name("simulator-" + i).start(worker);
        }
        try {
            for (Thread started : workers) {
                started.join();
            }
        } catch (InterruptedException e) {
            on.set(false);
            Thread.currentThread().interrupt();
        }
        return done.get();
    }

    /** Takes outcomes. */
    @FunctionalInterface
    public interface Verdict {
        /** @return whether to run more */
        boolean goOn(Outcome outcome);
    }
}
