package dev.parley.lab.sim;

import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Role;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Sees everything and knows what must not be: throws {@link Violation}. */
final class Oracle {
    /** How a connection may end that nobody tampered with. */
    private static final Set<Ending.How> HONEST = EnumSet.of(
            Ending.How.CLOSED,
            Ending.How.CLOSED_BY_PEER,
            Ending.How.TRUNCATED,
            Ending.How.LOST,
            Ending.How.ABORTED,
            Ending.How.REJECTED,
            Ending.How.REJECTED_BY_PEER,
            Ending.How.ALERTED,
            Ending.How.ALERTED_BY_PEER,
            Ending.How.HANDSHAKE_FAILED);

    private static final Set<Failure> HONEST_CODES = EnumSet.of(
            Failure.NORMAL, Failure.REPLACED, Failure.BUSY, Failure.TIMED_OUT, Failure.IDLE, Failure.NOT_TRUSTED);

    private record Pair(int from, int to) {}

    private record Place(UUID session, Role sender, int epoch, long n) {}

    /** A message that was taken and has not arrived. */
    private record Due(UUID id, byte[] payload) {}

    /** The two ends of a session. */
    private static final class Ends {
        private Conn initiator;
        private Conn responder;
        private Suite suite;
    }

    private final Map<Pair, Deque<Due>> due = new HashMap<>();
    private final Map<UUID, Ends> sessions = new HashMap<>();
    private final Map<Place, byte[]> sealed = new HashMap<>();
    private final Set<Place> opened = new HashSet<>();
    private boolean calm;
    private int taken;
    private int delivered;
    private int up;
    private int ratchets;

    /** From now on no session has a reason to end, but for bytes that were changed before. */
    void calm() {
        calm = true;
    }

    /** A node said that it has taken a message for delivery. */
    void taken(int from, int to, UUID id, byte[] payload) {
        taken++;
        due.computeIfAbsent(new Pair(from, to), ignored -> new ArrayDeque<>()).add(new Due(id, payload));
    }

    /** A node made a message that came durable, for its reader to see. */
    void delivered(int to, int from, UUID id, byte[] payload) {
        delivered++;
        Due next = due.getOrDefault(new Pair(from, to), new ArrayDeque<>()).poll();
        String what = "n" + to + " delivers message " + id + " of n" + from;
        if (next == null) {
            throw new Violation(what + ", which was never sent or is there already");
        }
        if (!next.id().equals(id)) {
            throw new Violation(what + ", but " + next.id() + " is the next in order");
        }
        if (!Arrays.equals(next.payload(), payload)) {
            throw new Violation(what + " with another content");
        }
    }

    /** Returns how many messages have not arrived. */
    int outstanding() {
        return due.values().stream().mapToInt(Deque::size).sum();
    }

    /** A side has the keys of a session: their id is derived from all of the handshake, as they are. */
    void keys(Conn conn, UUID id, Suite suite) {
        Ends ends = sessions.computeIfAbsent(id, ignored -> new Ends());
        Conn before = conn.initiatedHere() ? ends.initiator : ends.responder;
        if (before != null) {
            throw new Violation(conn + " has the session of " + before);
        }
        if (conn.initiatedHere()) {
            ends.initiator = conn;
        } else {
            ends.responder = conn;
        }
        if (ends.suite != null && ends.suite != suite) {
            throw new Violation(conn + " has suite " + suite + " where the other side has " + ends.suite);
        }
        ends.suite = suite;
    }

    /** A session counts at a side. */
    void up(Conn conn) {
        up++;
        Ends ends = sessions.get(conn.channel().sessionId().orElseThrow());
        if (ends.initiator == null || ends.responder == null) {
            throw new Violation(conn + " is up, and the other side has other keys");
        }
        if (ends.initiator.wire() != ends.responder.wire()) {
            throw new Violation(conn + " has its session with an end of another connection");
        }
        Conn other = conn.initiatedHere() ? ends.responder : ends.initiator;
        if (conn.peer() != other.node().index()) {
            throw new Violation(conn + " takes n" + other.node().index() + " for n" + conn.peer());
        }
        if (conn.dialed() >= 0 && conn.dialed() != conn.peer()) {
            throw new Violation(conn + " dialed n" + conn.dialed() + " and has a session with n" + conn.peer());
        }
    }

    void sealed(UUID session, Role sender, int epoch, long n, byte[] frame) {
        if (sealed.put(new Place(session, sender, epoch, n), frame) != null) {
            throw new Violation("two records were sealed at " + epoch + "." + n + " of one session and direction");
        }
    }

    void opened(Conn conn, UUID session, Role sender, int epoch, long n, byte[] frame) {
        Place place = new Place(session, sender, epoch, n);
        if (!opened.add(place)) {
            throw new Violation(conn + " opened " + epoch + "." + n + " twice");
        }
        byte[] original = sealed.get(place);
        // Of messages every seal is known; the other kinds have no event.
        if (original != null && !Arrays.equals(original, frame)) {
            throw new Violation(conn + " opened at " + epoch + "." + n + " what was not sealed there");
        }
    }

    void ratcheted() {
        ratchets++;
    }

    void ended(Conn conn, Ending ending) {
        // A record that somebody took away shows only when the next one comes, which may be long after.
        if (calm && !conn.wire().touched()) {
            throw new Violation(
                    conn + " ended for no reason: " + ending.how() + ", " + ending.failure() + ", " + ending.detail());
        }
        boolean honest = HONEST.contains(ending.how())
                && (HONEST_CODES.contains(ending.failure())
                        || ending.how() == Ending.How.TRUNCATED
                        || ending.failure() == Failure.HANDSHAKE_FAILED && broken(ending));
        if (!conn.wire().touched() && !honest) {
            throw new Violation(conn + " ended though nobody touched it: " + ending.how() + ", " + ending.failure()
                    + ", " + ending.detail());
        }
    }

    int taken() {
        return taken;
    }

    int deliveredCount() {
        return delivered;
    }

    int sessionsUp() {
        return up;
    }

    int handshakes() {
        return sessions.size();
    }

    int ratchets() {
        return ratchets;
    }

    /** The connection broke during the handshake, which has no other code for it. */
    private static boolean broken(Ending ending) {
        return ending.how() == Ending.How.LOST || ending.detail().startsWith("connection ended");
    }
}
