package dev.parley.lab.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time in microseconds, and what is to happen when. What falls on one instant happens in an order of the seed's. */
final class Clockwork {
    static final long MILLI = 1_000;
    static final long SECOND = 1_000 * MILLI;

    private record Event(long at, int tie, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            int byTie = byTime != 0 ? byTime : Integer.compare(tie, other.tie);
            return byTie != 0 ? byTie : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private long now;
    private long count;

    Clockwork(SplittableRandom random) {
        this.random = random;
    }

    long now() {
        return now;
    }

    /** Returns how many events there were. */
    long count() {
        return count;
    }

    /** Has {@code action} run {@code delay} microseconds from now. */
    void after(long delay, Runnable action) {
        at(now + Math.max(0, delay), action);
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), random.nextInt(), count + events.size(), action));
    }

    /** Runs the next event; false where there is none at or before {@code end}, and then it is {@code end}. */
    boolean step(long end) {
        Event next = events.peek();
        if (next == null || next.at() > end) {
            now = end;
            return false;
        }
        events.remove();
        now = next.at();
        count++;
        next.action().run();
        return true;
    }
}
