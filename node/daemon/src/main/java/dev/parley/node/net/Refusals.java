package dev.parley.node.net;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the inbound connections that a limit of this node has ended, since its start. Thread-safe. */
public final class Refusals {

    /** Which limit it was. */
    public enum Reason {
        /** Its address is held back. */
        HELD_BACK,
        /** Too many handshakes under way. */
        HALF_OPEN,
        /** Too many unwraps for its address. */
        UNWRAPS,
        /** Too many wait for work of this kind. */
        WAITING,
        /** Too many sessions. */
        SESSIONS;

        /** The name in metrics and replies: {@code held-back}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    Refusals() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void add(Reason reason) {
        counts.get(reason).increment();
    }

    public long count(Reason reason) {
        return counts.get(reason).sum();
    }
}
