package dev.parley.protocol;

/**
 * Expensive work of a handshake, milliseconds at most. The host calls {@link #run} once on any thread and then, on the
 * channel's thread, {@link Channel#complete}; or {@link Channel#refuse} instead of both.
 *
 * <p>What a task works on belongs to it until it is completed; the hand-over between the threads must be a
 * happens-before edge, as every executor gives it.
 */
public final class Task implements Runnable {
    /** What the work is, and so which quota of the host it falls under. */
    public enum Kind {
        /** Initiator: its ephemeral X-Wing key, before HELLO. */
        KEYGEN,
        /** Responder, for a stranger: encapsulation to the key in HELLO. */
        ENCAPSULATE,
        /** Initiator: opens ACCEPT. */
        DECAPSULATE,
        /** Initiator: wraps a secret for the responder's RSA key. */
        WRAP,
        /** Responder, for a stranger: an RSA private operation (and the wrap of the answer). */
        UNWRAP,
        /** Initiator: opens CONFIRM, an RSA private operation in a dial of our own. */
        UNWRAP_ANSWER;

        /** Says whether it is done for somebody who has not proved a key, so that a quota is due. */
        public boolean forStranger() {
            return this == ENCAPSULATE || this == UNWRAP;
        }
    }

    private final Kind kind;
    private final Work work;
    private volatile State state = State.NEW;

    Task(Kind kind, Work work) {
        this.kind = kind;
        this.work = work;
    }

    /** Returns what the work is. */
    public Kind kind() {
        return kind;
    }

    /** Does the work; does nothing where the channel has ended meanwhile. Never throws: a failure is the handshake's. */
    @Override
    public void run() {
        throw new UnsupportedOperationException();
    }

    Work work() {
        return work;
    }

    State state() {
        return state;
    }

    enum State {
        NEW,
        DONE,
        CANCELLED
    }

    /** The work of a step and what follows from it. */
    interface Work {
        void run() throws Exception;
    }
}
