package dev.parley.protocol;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.util.List;
import java.util.Optional;

/**
 * Which of several sessions with one peer stays (section 5, "One session stays"). Confined to one thread; {@code now} is
 * milliseconds of a monotonic clock.
 *
 * @param <S> the host's handle of a session, compared by identity
 */
public final class SessionChooser<S> {
    /** What the host does next. */
    public sealed interface Action<S> {
        /** Send a PING on this session. */
        record Ping<S>(S session) implements Action<S> {}

        /** Close this session with this code; the chooser has forgotten it already. */
        record Close<S>(S session, Failure code) implements Action<S> {}
    }

    public SessionChooser(PeerId self, PeerId peer) {}

    /** A session counts from now on. */
    public List<Action<S>> up(S session, boolean initiatedHere, long now) {
        throw new UnsupportedOperationException();
    }

    /** A record has opened on this session. */
    public List<Action<S>> heard(S session, long now) {
        throw new UnsupportedOperationException();
    }

    /** A session has ended, or begun to close. */
    public List<Action<S>> ended(S session) {
        throw new UnsupportedOperationException();
    }

    /** Lets time pass. */
    public List<Action<S>> tick(long now) {
        throw new UnsupportedOperationException();
    }

    /** Returns when {@link #tick} is due; Long.MAX_VALUE: never. */
    public long deadline() {
        throw new UnsupportedOperationException();
    }

    /** Returns the session to send on: of those that are up the one heard from last. */
    public Optional<S> preferred() {
        throw new UnsupportedOperationException();
    }
}
