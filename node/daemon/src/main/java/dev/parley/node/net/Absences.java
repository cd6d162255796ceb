package dev.parley.node.net;

import dev.parley.node.session.Session;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Peers that said, as they closed, in how many seconds they are back (PSP/1 section 10). They are dialed after that and a further
 * random time, so that all who lost such a peer do not come in one wave; what a peer says counts no more than the longest wait of
 * {@link Backoff}, so that none can keep this node away for longer than one that is lost. Thread-safe.
 */
final class Absences {

    /** The random part is as long as what the peer said, but at least the first wait of a lost peer, five times the least. */
    private static final int SPREAD = 5;
    /** And no longer than this, milliseconds. */
    private static final long SPREAD_MOST = 60_000;

    private final long leastSpread;
    private final long most;
    private final RandomGenerator random;
    private final Map<Session, Long> announced = new ConcurrentHashMap<>();
    // Guarded by itself: when, on the monotonic clock, a peer is dialed again.
    private final Map<PeerId, Long> until = new HashMap<>();

    /** @param first the least wait before a lost peer is dialed, @param most the greatest */
    Absences(Duration first, Duration most, RandomGenerator random) {
        this.leastSpread = Math.min(first.toMillis() * SPREAD, SPREAD_MOST);
        this.most = most.toMillis();
        this.random = random;
    }

    /** A peer said it. Only the end of the session will show whether it meant it. @return false: it had said so before */
    boolean announced(Session session, long seconds) {
        return announced.putIfAbsent(session, seconds) == null;
    }

    /** A session is over. @return milliseconds until its peer is dialed; empty where it did not say so, or ended otherwise */
    OptionalLong ended(Session session, Ending ending) {
        Long seconds = announced.remove(session);
        boolean left = ending.how() == Ending.How.CLOSED_BY_PEER && ending.failure() == Failure.SHUTTING_DOWN;
        if (seconds == null || seconds == 0 || !left) {
            return OptionalLong.empty();
        }
        long wait = pause(seconds);
        long now = Ticks.now();
        synchronized (until) {
            until.values().removeIf(each -> each <= now);
            until.put(session.peerId(), now + wait);
        }
        return OptionalLong.of(wait);
    }

    /** Whether a peer is not to be dialed yet by a node that does so of its own accord. */
    boolean isAway(PeerId peer) {
        synchronized (until) {
            Long at = until.get(peer);
            return at != null && at > Ticks.now();
        }
    }

    /** It is there again. */
    void back(PeerId peer) {
        synchronized (until) {
            until.remove(peer);
        }
    }

    /** @param seconds from 1. @return milliseconds */
    long pause(long seconds) {
        long told = Math.min(seconds, most / 1_000 + 1) * 1_000;
        long counted = Math.min(told, most);
        long spread = Math.min(Math.max(counted, leastSpread), SPREAD_MOST);
        return counted + random.nextLong(spread + 1);
    }
}
