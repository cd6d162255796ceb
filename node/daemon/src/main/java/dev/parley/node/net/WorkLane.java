package dev.parley.node.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * One kind of expensive work on the shared worker pool, bounded twice: at most {@code parallel} jobs run at once and at most
 * {@code waiting} wait. When one more comes, the ordinary job that has waited longest gives way: its peer has probably given
 * up already. Preferred jobs are taken first. Thread-safe.
 */
final class WorkLane {

    /**
     * One piece of work.
     *
     * @param work runs on a worker and must not throw
     * @param gaveWay runs instead, on the thread of the newcomer, when the job is crowded out
     */
    record Job(Runnable work, Runnable gaveWay) {}

    private final Executor workers;
    private final int parallel;
    private final int waiting;
    private final Deque<Job> preferred = new ArrayDeque<>();
    private final Deque<Job> ordinary = new ArrayDeque<>();
    private int running;

    WorkLane(Executor workers, int parallel, int waiting) {
        this.workers = workers;
        this.parallel = parallel;
        this.waiting = waiting;
    }

    void submit(Job job, boolean first) {
        Job crowdedOut = null;
        synchronized (this) {
            if (running < parallel) {
                running++;
                workers.execute(() -> run(job));
                return;
            }
            if (preferred.size() + ordinary.size() >= waiting) {
                crowdedOut = ordinary.isEmpty() ? preferred.poll() : ordinary.poll();
            }
            (first ? preferred : ordinary).add(job);
        }
        if (crowdedOut != null) {
            crowdedOut.gaveWay().run();
        }
    }

    synchronized int waiting() {
        return preferred.size() + ordinary.size();
    }

    private void run(Job job) {
        try {
            job.work().run();
        } finally {
            next();
        }
    }

    private synchronized void next() {
        Job job = preferred.isEmpty() ? ordinary.poll() : preferred.poll();
        if (job == null) {
            running--;
        } else {
            workers.execute(() -> run(job));
        }
    }
}
