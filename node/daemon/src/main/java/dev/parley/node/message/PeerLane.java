package dev.parley.node.message;

import dev.parley.node.message.OutboxTable.Waiting;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the sessions with one peer, and who takes messages back, must agree on: a message is on its way over one session at a
 * time, and one that has ended is not sent again. Thread-safe.
 */
final class PeerLane {

    /** More than can be on its way at once, several times: what a load from the store may still bring along. */
    private static final int ENDED_REMEMBERED = 8_192;

    private final Set<Long> claimed = new HashSet<>();
    private final LinkedHashSet<Long> ended = new LinkedHashSet<>();
    private final LinkedHashSet<Long> sealed = new LinkedHashSet<>();
    private final Set<Long> sealedAgain = new HashSet<>();
    private int refusals;

    /** A session is about to send the message. @return false: it has ended, or another session has it */
    synchronized boolean claim(long seq) {
        return !ended.contains(seq) && claimed.add(seq);
    }

    /** The session has it no longer: it could not be sent, or the session is over. */
    synchronized void release(long seq) {
        claimed.remove(seq);
    }

    /** A session has sealed it. */
    synchronized void sealed(long seq) {
        if (!sealed.add(seq)) {
            sealedAgain.add(seq);
        }
        if (sealed.size() > ENDED_REMEMBERED) {
            sealedAgain.remove(sealed.removeFirst());
        }
    }

    /** Whether this message was sealed for the first time now, as far as the store and this process know. */
    synchronized boolean sealedOnce(Waiting waiting) {
        long seq = waiting.message().seq();
        return !waiting.sentBefore() && sealed.contains(seq) && !sealedAgain.contains(seq);
    }

    /** It is answered: no session sends it again. */
    synchronized void answered(long seq) {
        claimed.remove(seq);
        remember(seq);
    }

    /** Takes a message back. @return false: it is on its way */
    synchronized boolean withdraw(long seq) {
        if (claimed.contains(seq)) {
            return false;
        }
        remember(seq);
        return true;
    }

    /** The peer has no room. @return how often it said so since it last took something */
    synchronized int refused() {
        return refusals++;
    }

    synchronized void taken() {
        refusals = 0;
    }

    private void remember(long seq) {
        ended.add(seq);
        if (ended.size() > ENDED_REMEMBERED) {
            ended.removeFirst();
        }
    }
}
