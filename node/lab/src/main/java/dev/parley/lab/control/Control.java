package dev.parley.lab.control;

import dev.parley.lab.Defence;
import dev.parley.lab.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The lab's control: two peers over real sockets that have every defence of a session, but for those that it is told to do without.
 * With all of them no attack of the lab beats it; without one, those do that it stops.
 */
public final class Control implements Closeable {
    /** The defences that it can do without: those that concern a session, and what comes before and after it. */
    public static final Set<Defence> SWITCHES = Set.copyOf(EnumSet.range(Defence.ENCRYPTION_WITH_IV, Defence.APPROVAL));

    private final Set<Defence> without;
    private final Journal journal;
    private final List<Peer> peers = new ArrayList<>();
    private final Peer alice;
    private final Peer bob;

    public Control(Set<Defence> without) throws IOException {
        this(without, Journal.NONE);
    }

    /**
     * @param without what it does without
     * @throws IllegalArgumentException if one of them does not concern it
     */
    public Control(Set<Defence> without, Journal journal) throws IOException {
        if (!SWITCHES.containsAll(without)) {
            throw new IllegalArgumentException("the control has no switch for some of " + without);
        }
        this.without = Set.copyOf(without);
        this.journal = journal;
        alice = newcomer("alice");
        bob = newcomer("bob");
        alice.know(bob.shown());
        bob.know(alice.shown());
    }

    public Set<Defence> without() {
        return without;
    }

    /** She dials, usually. */
    public Peer alice() {
        return alice;
    }

    /** He answers, usually. */
    public Peer bob() {
        return bob;
    }

    /** A peer that knows nobody and that nobody knows. */
    public Peer newcomer(String name) throws IOException {
        Peer peer = new Peer(name, without, journal);
        peers.add(peer);
        return peer;
    }

    @Override
    public void close() throws IOException {
        for (Peer each : peers) {
            each.close();
        }
    }
}
