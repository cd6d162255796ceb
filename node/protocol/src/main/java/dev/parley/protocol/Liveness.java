package dev.parley.protocol;

/** How long nothing has been received (section 5): when to ask, and when to give up. */
final class Liveness {
    private final ChannelSettings.Timing timing;
    private long lastInput;
    private long nextPing;

    Liveness(ChannelSettings.Timing timing, long now) {
        this.timing = timing;
        input(now);
    }

    /** Any bytes have come: the deadline of a frame bounds how slow they may be. */
    void input(long now) {
        lastInput = now;
        nextPing = now + timing.pingAfter();
    }

    boolean dead(long now) {
        return now - lastInput >= timing.deadAfter();
    }

    /** Says whether a PING is due, once for each time that it is. */
    boolean pingDue(long now) {
        if (now < nextPing) {
            return false;
        }
        nextPing = now + timing.pingAfter();
        return true;
    }

    long deadline() {
        return Math.min(nextPing, lastInput + timing.deadAfter());
    }
}
