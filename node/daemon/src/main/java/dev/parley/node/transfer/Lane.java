package dev.parley.node.transfer;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** One thing after the other on a shared pool, in the order given; between two tasks others get their turn. */
final class Lane implements Executor {
    /** Tasks at a time, before the thread goes to another lane. */
    private static final int TURN = 8;

    private final Executor pool;
    private final Consumer<RuntimeException> defect;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /** @param defect is told what a task threw; the lane goes on */
    Lane(Executor pool, Consumer<RuntimeException> defect) {
        this.pool = pool;
        this.defect = defect;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        schedule();
    }

    private void schedule() {
        try {
            pool.execute(this::turn);
        } catch (RejectedExecutionException stopping) {
            synchronized (waiting) {
                waiting.clear();
            }
        }
    }

    private void turn() {
        for (int i = 0; i < TURN; i++) {
            Runnable task;
            synchronized (waiting) {
                task = waiting.poll();
                if (task == null) {
                    running = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (RuntimeException e) {
                defect.accept(e);
            }
        }
        schedule();
    }
}
