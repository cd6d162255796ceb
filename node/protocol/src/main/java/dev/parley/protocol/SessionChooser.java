package dev.parley.protocol;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of several sessions with one peer stays (section 5, "One session stays"). The node with the lower PeerId decides;
 * the other keeps what it has until it is told. Confined to one thread; {@code now} is milliseconds of a monotonic clock.
 *
 * @param <S> the host's handle of a session, compared by identity
 */
public final class SessionChooser<S> {
    /** What the host does next. */
    public sealed interface Action<S> {
        /** Returns which session it is about. */
        S session();

        /** Send a PING on this session. */
        record Ping<S>(S session) implements Action<S> {}

        /** Close this session with this code; the chooser has forgotten it already. */
        record Close<S>(S session, Failure code) implements Action<S> {}
    }

    /** How long the decider's own, older session has to answer a PING, in milliseconds. */
    static final long PROBE = 2_000;
    /** The most sessions with one peer at the node that does not decide. */
    static final int MOST = 4;

    private static final class Entry<S> {
        private final S session;
        private final boolean own;
        private long lastHeard;

        Entry(S session, boolean own, long now) {
            this.session = session;
            this.own = own;
            this.lastHeard = now;
        }
    }

    private final boolean decider;
    /** In the order in which they came up. At the decider: the one that is kept, and during a probe the newcomer. */
    private final List<Entry<S>> entries = new ArrayList<>();

    private long probeEnds = Long.MAX_VALUE;

    /** Throws IllegalArgumentException if both are the same. */
    public SessionChooser(PeerId self, PeerId peer) {
        if (self.equals(peer)) {
            throw new IllegalArgumentException("a node has no sessions with itself");
        }
        this.decider = self.compareTo(peer) < 0;
    }

    /** A session counts from now on. */
    public List<Action<S>> up(S session, boolean initiatedHere, long now) {
        Entry<S> newcomer = new Entry<>(session, initiatedHere, now);
        entries.add(newcomer);
        return decider ? decide(newcomer, now) : bound();
    }

    /** A record has opened on this session. */
    public List<Action<S>> heard(S session, long now) {
        for (Entry<S> entry : entries) {
            if (entry.session == session) {
                entry.lastHeard = now;
                if (probing() && entry == entries.getFirst() && now <= probeEnds) {
                    return keep(entry);
                }
            }
        }
        return List.of();
    }

    /** A session has ended, or begun to close. One that is not known is ignored. */
    public List<Action<S>> ended(S session) {
        entries.removeIf(entry -> entry.session == session);
        if (entries.size() < 2) {
            probeEnds = Long.MAX_VALUE;
        }
        return List.of();
    }

    /** Lets time pass. */
    public List<Action<S>> tick(long now) {
        return probing() && now >= probeEnds ? keep(entries.getLast()) : List.of();
    }

    /** Returns when {@link #tick} is due; Long.MAX_VALUE: never. */
    public long deadline() {
        return probeEnds;
    }

    /** Returns the session to send on: of those that are up the one heard from last, of equals the newest. */
    public Optional<S> preferred() {
        return entries.stream()
                .max(Comparator.<Entry<S>>comparingLong(entry -> entry.lastHeard)
                        .thenComparingInt(entries::indexOf))
                .map(entry -> entry.session);
    }

    /** Returns how many sessions are up. */
    public int size() {
        return entries.size();
    }

    private List<Action<S>> decide(Entry<S> newcomer, long now) {
        boolean peersChallengesOwn = entries.stream().anyMatch(entry -> entry.own) && !newcomer.own;
        if (!peersChallengesOwn) {
            // Same initiator: the last one up. Different ones: our own, and it is the newer.
            return keep(newcomer);
        }
        // Our own is older: it stays if it answers. Of the peer's own sessions the last one up is the challenger.
        List<Action<S>> actions = new ArrayList<>();
        entries.removeIf(entry -> {
            boolean superseded = !entry.own && entry != newcomer;
            if (superseded) {
                actions.add(new Action.Close<>(entry.session, Failure.REPLACED));
            }
            return superseded;
        });
        if (!probing()) {
            probeEnds = now + PROBE;
            actions.add(new Action.Ping<>(entries.getFirst().session));
        }
        return actions;
    }

    private List<Action<S>> keep(Entry<S> kept) {
        List<Action<S>> actions = new ArrayList<>();
        for (Entry<S> entry : entries) {
            if (entry != kept) {
                actions.add(new Action.Close<>(entry.session, Failure.REPLACED));
            }
        }
        entries.removeIf(entry -> entry != kept);
        probeEnds = Long.MAX_VALUE;
        return actions;
    }

    private List<Action<S>> bound() {
        List<Action<S>> actions = new ArrayList<>();
        while (entries.size() > MOST) {
            actions.add(new Action.Close<>(entries.removeFirst().session, Failure.BUSY));
        }
        return actions;
    }

    private boolean probing() {
        return probeEnds != Long.MAX_VALUE;
    }
}
