package dev.parley.node.control;

import dev.parley.admin.NodeEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What one reader of the event stream has yet to read: bounded, and lost as a whole when the bound is passed. */
final class EventSubscription implements AutoCloseable {
    /** Bytes that may wait for one reader; an event beyond it is taken only by a reader that has nothing waiting. */
    static final int BUFFER_BYTES = 8 << 20;

    private final Set<Class<? extends NodeEvent>> kinds;
    private final int maxEvents;
    private final Consumer<EventSubscription> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private long lost;
    private boolean closed;
    private Runnable onOverrun = () -> {};

    EventSubscription(Set<Class<? extends NodeEvent>> kinds, int maxEvents, Consumer<EventSubscription> onClose) {
        this.kinds = Set.copyOf(kinds);
        this.maxEvents = maxEvents;
        this.onClose = onClose;
    }

    /** What to do, once and on the publisher's thread, when the reader has fallen too far behind. */
    void onOverrun(Runnable action) {
        lock.lock();
        try {
            onOverrun = action;
        } finally {
            lock.unlock();
        }
    }

    void offer(Class<? extends NodeEvent> kind, int weight, Supplier<NodeEvent> event) {
        if (!kinds.isEmpty() && !kinds.contains(kind)) {
            return;
        }
        Runnable overrun = null;
        lock.lock();
        try {
            if (closed) {
                return;
            } else if (lost > 0) {
                lost++;
            } else if (waiting.size() >= maxEvents || !waiting.isEmpty() && bytes + weight > BUFFER_BYTES) {
                lost = waiting.size() + 1L;
                waiting.clear();
                overrun = onOverrun;
                changed.signalAll();
            } else {
                waiting.add(new Waiting(weight, event));
                bytes += weight;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (overrun != null) {
            overrun.run();
        }
    }

    /** The next event; empty after {@code millis} without one, or when the subscription is closed or overrun. */
    Optional<NodeEvent> next(long millis) throws InterruptedException {
        Waiting first;
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (waiting.isEmpty() && lost == 0 && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            first = waiting.poll();
            if (first != null) {
                bytes -= first.weight();
            }
        } finally {
            lock.unlock();
        }
        return Optional.ofNullable(first).map(Waiting::event).map(Supplier::get);
    }

    /** Events that the reader will not see because it fell too far behind; 0 as long as it keeps up. */
    long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        onClose.accept(this);
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Waiting(int weight, Supplier<NodeEvent> event) {}
}
