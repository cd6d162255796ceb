package dev.parley.node.message;

import dev.parley.node.session.Session;
import dev.parley.protocol.wire.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The way of messages over one session, in both directions: what waits to be written, what is written and not yet
 * acknowledged (at most {@value #WINDOW_MESSAGES} messages or {@value #WINDOW_BYTES} bytes of contents; one may always), and
 * the acknowledgements that this side owes. Confined to the session's event loop, except {@link #acknowledge}.
 */
final class SessionDelivery {

    /** PSP/1 section 5, "Delivery". */
    static final int WINDOW_MESSAGES = 1_024;

    static final long WINDOW_BYTES = 8L << 20;
    /** One ACK record stays far below the smallest max_plaintext of 16,384 bytes. */
    static final int ACKS_A_RECORD = 512;

    private final Session session;
    private final Deque<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Map<UUID, OutgoingMessage> inFlight = new HashMap<>();
    private final Set<UUID> taken = new HashSet<>();
    private final Map<UUID, Integer> refusals = new HashMap<>();
    private long inFlightBytes;
    private boolean ended;

    private final List<Record.AckEntry> owed = new ArrayList<>();
    private boolean flushing;

    SessionDelivery(Session session) {
        this.session = session;
    }

    /** Takes a message to be written in its turn; one that is here already stays where it is. */
    void offer(OutgoingMessage message) {
        if (!ended && taken.add(message.id())) {
            waiting.add(message);
        }
    }

    /**
     * Writes what the window and the connection have room for.
     *
     * @return the messages that the peer can never take because they are longer than its max_plaintext
     */
    List<OutgoingMessage> pump() {
        List<OutgoingMessage> tooLong = new ArrayList<>();
        while (!waiting.isEmpty() && windowHasRoomFor(waiting.peek())) {
            OutgoingMessage next = waiting.peek();
            if (isSettled(next)) {
                waiting.poll();
                taken.remove(next.id());
            } else if (next.record().length() > session.remoteMaxPlaintext()) {
                waiting.poll();
                taken.remove(next.id());
                tooLong.add(next);
            } else if (session.send(next.record())) {
                waiting.poll();
                inFlight.put(next.id(), next);
                inFlightBytes += next.size();
            } else {
                break;
            }
        }
        return tooLong;
    }

    /** The peer answered for this id. @return the message, if it was waiting for that */
    Optional<OutgoingMessage> answered(UUID id) {
        OutgoingMessage message = inFlight.remove(id);
        if (message != null) {
            inFlightBytes -= message.size();
            taken.remove(id);
        }
        return Optional.ofNullable(message);
    }

    /** The peer has no room for this message now. @return how often it said so before */
    int refusedAgain(UUID id) {
        return refusals.merge(id, 1, Integer::sum) - 1;
    }

    /** Queues an acknowledgement; what comes in one turn of the event loop goes into one record. From any thread. */
    void acknowledge(UUID id, Record.AckStatus status) {
        synchronized (owed) {
            owed.add(new Record.AckEntry(id, status));
            if (flushing) {
                return;
            }
            flushing = true;
        }
        session.execute(this::flushAcknowledgements);
    }

    void ended() {
        ended = true;
        waiting.clear();
        inFlight.clear();
        taken.clear();
    }

    private void flushAcknowledgements() {
        List<Record.AckEntry> now;
        synchronized (owed) {
            now = List.copyOf(owed);
            owed.clear();
            flushing = false;
        }
        for (int from = 0; from < now.size() && !ended; from += ACKS_A_RECORD) {
            // An ACK that is not taken is not lost: the message comes again, and is answered as known.
            session.acknowledge(new Record.Ack(now.subList(from, Math.min(now.size(), from + ACKS_A_RECORD))));
        }
    }

    /** Cancelled, or delivered over another session meanwhile. */
    private boolean isSettled(OutgoingMessage message) {
        return message.delivery(session.peerId())
                .filter(each -> each.state().isFinal())
                .isPresent();
    }

    private boolean windowHasRoomFor(OutgoingMessage message) {
        return inFlight.isEmpty()
                || inFlight.size() < WINDOW_MESSAGES && inFlightBytes + message.size() <= WINDOW_BYTES;
    }
}
