package dev.parley.node.message;

import dev.parley.node.message.OutboxTable.Waiting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the sessions with one peer, and who takes messages back, must agree on: a message is on its way over one session at a
 * time, and one that has ended is not sent again. While one session has a message no other goes on with what follows it,
 * so that messages arrive in the order of their ids (PSP/1 section 5). Thread-safe.
 */
final class PeerLane {

    /** More than can be on its way at once, several times: what a load from the store may still bring along. */
    private static final int REMEMBERED = 8_192;

    /**
     * Messages that a peer may have while the store does not say yet that they were sent, whether they are answered or not. After
     * a death of the process no more than these are known to a peer alone ({@link PeersAhead}).
     */
    static final int UNRECORDED = 1_024;

    private final Set<Long> claimed = new HashSet<>();
    private final LinkedHashSet<Long> ended = new LinkedHashSet<>();
    private final LinkedHashSet<Long> sealed = new LinkedHashSet<>();
    private final Set<Long> sealedAgain = new HashSet<>();
    private final Set<Runnable> waiting = new HashSet<>();
    private int refusals;
    private int unrecorded;

    /** What became of a {@link #claim}. */
    enum Claim {
        /** The session has it now, and may send it. */
        OURS,
        /** It has ended: nobody sends it again. */
        ENDED,
        /** Another session has it. */
        ANOTHERS
    }

    /** A session is about to send the message. @param again what to run when another's claim is over, on whatever thread */
    synchronized Claim claim(long seq, Runnable again) {
        if (ended.contains(seq)) {
            return Claim.ENDED;
        }
        if (claimed.add(seq)) {
            return Claim.OURS;
        }
        waiting.add(again);
        return Claim.ANOTHERS;
    }

    /** The session has it no longer: it could not be sent, the peer has no room for it, or the session is over. */
    void release(long seq) {
        over(seq, null).forEach(Runnable::run);
    }

    /** Whether the store has to catch up before more is sent. @param again what to run when it has, on whatever thread */
    synchronized boolean isAheadOfStore(Runnable again) {
        if (unrecorded < UNRECORDED) {
            return false;
        }
        waiting.add(again);
        return true;
    }

    /** A session has sealed it. {@link #recorded} follows. */
    synchronized void sealed(long seq) {
        unrecorded++;
        if (!sealed.add(seq)) {
            sealedAgain.add(seq);
        }
        if (sealed.size() > REMEMBERED) {
            sealedAgain.remove(sealed.removeFirst());
        }
    }

    /** The store knows that it was sealed, or could not be told. */
    void recorded() {
        caughtUp().forEach(Runnable::run);
    }

    private synchronized List<Runnable> caughtUp() {
        unrecorded--;
        // Not at each one of a commit: those who wait shall find room for many.
        return unrecorded == UNRECORDED / 2 ? woken() : List.of();
    }

    /** Whether this message was sealed for the first time now, as far as the store and this process know. */
    synchronized boolean sealedOnce(Waiting waiting) {
        long seq = waiting.message().seq();
        return !waiting.sentBefore() && sealed.contains(seq) && !sealedAgain.contains(seq);
    }

    /** It is answered: no session sends it again. */
    void answered(long seq) {
        over(seq, ended).forEach(Runnable::run);
    }

    /** Takes a message back. @return false: it is on its way */
    synchronized boolean withdraw(long seq) {
        if (claimed.contains(seq)) {
            return false;
        }
        remember(ended, seq);
        return true;
    }

    /** The peer has no room. @return how often it said so since it last took something */
    synchronized int refused() {
        return refusals++;
    }

    synchronized void taken() {
        refusals = 0;
    }

    private synchronized List<Runnable> over(long seq, LinkedHashSet<Long> known) {
        claimed.remove(seq);
        if (known != null) {
            remember(known, seq);
        }
        return woken();
    }

    private List<Runnable> woken() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Runnable> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    private static void remember(LinkedHashSet<Long> known, long seq) {
        known.add(seq);
        if (known.size() > REMEMBERED) {
            known.removeFirst();
        }
    }
}
