package dev.parley.protocol;

import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.HandshakeState;
import dev.parley.protocol.handshake.Sent;
import java.util.concurrent.atomic.AtomicReference;

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

    /** The work of one step of the handshake. */
    interface Work {
        Object run() throws HandshakeException;
    }

    /** What becomes of its result on the channel's thread. */
    interface Then {
        void accept(Object result, long now);
    }

    private enum State {
        NEW,
        RUNNING,
        DONE,
        CANCELLED
    }

    private final Kind kind;
    private final HandshakeState input;
    private final Work work;
    private final Then then;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private Object result;
    private Throwable failure;

    /** @param input what the work uses, wiped if it is never done; may be null */
    Task(Kind kind, HandshakeState input, Work work, Then then) {
        this.kind = kind;
        this.input = input;
        this.work = work;
        this.then = then;
    }

    /** Returns what the work is. */
    public Kind kind() {
        return kind;
    }

    /**
     * Does the work; does nothing where the channel has ended meanwhile. Never throws: whatever goes wrong is the
     * handshake's failure.
     */
    @Override
    public void run() {
        if (!state.compareAndSet(State.NEW, State.RUNNING)) {
            return;
        }
        try {
            result = work.run();
        } catch (Throwable e) {
            failure = e;
        }
        if (!state.compareAndSet(State.RUNNING, State.DONE)) {
            wipe();
        }
    }

    /** The channel has ended: what the work holds is wiped now, or by {@link #run} when it is through. */
    void cancel() {
        if (state.getAndSet(State.CANCELLED) != State.RUNNING) {
            wipe();
        }
    }

    boolean done() {
        return state.get() == State.DONE;
    }

    Throwable failure() {
        return failure;
    }

    void finish(long now) {
        then.accept(result, now);
    }

    /** Wipes what it works on and what it made, none of which anybody uses any more. */
    void wipe() {
        if (input != null) {
            input.close();
        }
        switch (result) {
            case HandshakeState made -> made.close();
            case Sent<?>(byte[] frame, HandshakeState next) -> next.close();
            case null, default -> {
                // Nothing was made.
            }
        }
    }
}
