package dev.parley.node.message;

import dev.parley.node.message.OutboxTable.Batch;
import dev.parley.node.message.OutboxTable.Waiting;
import dev.parley.node.session.Session;
import dev.parley.node.trace.Step;
import dev.parley.node.trace.TraceContext;
import dev.parley.node.trace.Tracing;
import dev.parley.protocol.wire.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of messages over one session, in both directions: what is ready to be written, what is written and not yet
 * acknowledged, and the acknowledgements that this side owes.
 *
 * <p>What is ready is a short piece of the outbox. A message that was just taken is handed over by {@link #offer} as long as
 * nothing before it is still in the store alone; else it is loaded from there when its turn comes.
 *
 * <p>Confined to the session's event loop, except {@link #acknowledge} and {@link #receiving}.
 */
final class SessionDelivery {

    /** One ACK record stays far below the smallest max_plaintext of 16,384 bytes. */
    static final int ACKS_A_RECORD = 512;

    /** Ready to be written: enough to keep the window full while the next are loaded. */
    private static final int READY_MESSAGES = 512;

    private static final long READY_BYTES = 4L << 20;
    private static final int READY_LOW = READY_MESSAGES / 4;
    /** What a peer may have sent that is not stored yet: the window of PSP/1 section 5 twice. */
    private static final long RECEIVING_BYTES = 16L << 20;

    /** What may be on its way to a peer without its acknowledgement; one message always may. */
    record Window(int messages, long bytes) {}

    /**
     * A message on its way.
     *
     * @param since of {@link System#nanoTime}: when it was handed to the session
     * @param step what a trace says of it
     */
    record InFlight(Waiting waiting, long since, Step step) {

        void answered(Record.AckStatus status) {
            step.put("parley.outcome", status);
            boolean taken = status == Record.AckStatus.STORED || status == Record.AckStatus.DUPLICATE;
            (taken ? step : step.failed()).end();
        }

        /** The session ended before it was. */
        void unanswered() {
            step.put("parley.outcome", "UNANSWERED").failed().end();
        }
    }

    /** Where the messages come from and what becomes of them. */
    interface Source {
        /** Loads what comes after {@code after}, and calls {@link #loaded} on the event loop. */
        void load(SessionDelivery delivery, long after, int most, long mostBytes);

        /** The peer can never take it: it is longer than its max_plaintext. */
        void tooLong(SessionDelivery delivery, OutgoingMessage message);
    }

    private final Session session;
    private final PeerLane lane;
    private final Source source;
    private final Window window;
    private final Tracing tracing;
    private final Runnable again;

    private final Deque<Waiting> ready = new ArrayDeque<>();
    private long readyBytes;
    /** seq of the last message that was ready: what follows is in the store. */
    private long upTo;

    private boolean moreInStore = true;
    private boolean loading;
    private int generation;
    private boolean paused;
    private boolean ended;

    /** What the peer says of the trace of the message that comes next; or null. */
    private Record.Trace announced;

    private final Map<UUID, InFlight> inFlight = new HashMap<>();
    private long inFlightBytes;

    /** Messages that came and are not answered yet. */
    private int unanswered;
    /** Set once the node ends: nothing new is written, and it completes when nothing is under way any more. */
    private CompletableFuture<Void> windingUp;
    /** Nothing that comes is taken any more: its sender keeps it. */
    private boolean deaf;

    private final List<Record.AckEntry> owed = new ArrayList<>();
    private boolean flushing;
    private final AtomicLong receiving = new AtomicLong();

    SessionDelivery(Session session, PeerLane lane, Source source, Window window, Tracing tracing) {
        this.session = session;
        this.lane = lane;
        this.source = source;
        this.window = window;
        this.tracing = tracing;
        this.again = () -> session.execute(this::pump);
    }

    Session session() {
        return session;
    }

    /** Takes a message that was just stored; those of one peer come in the order of their ids. */
    void offer(OutgoingMessage message) {
        if (moreInStore || loading || paused || ended || isReadyFull()) {
            moreInStore = true;
        } else if (message.seq() > upTo) {
            ready(new Waiting(message, false));
        }
    }

    /** What {@link Source#load} found. */
    void loaded(Batch batch, int ofGeneration) {
        if (ended || ofGeneration != generation) {
            return;
        }
        loading = false;
        moreInStore |= batch.more();
        batch.messages().stream()
                .filter(each -> !inFlight.containsKey(each.message().id()))
                .forEach(this::ready);
        pump();
    }

    /** Nothing could be loaded: it is tried again when there is another reason to look. */
    void notLoaded(int ofGeneration) {
        if (ofGeneration == generation) {
            loading = false;
            moreInStore = true;
        }
    }

    int generation() {
        return generation;
    }

    /** Begins again with the oldest message that waits: some were given back by another session, or refused for now. */
    void rewind() {
        generation++;
        loading = false;
        ready.clear();
        readyBytes = 0;
        upTo = 0;
        moreInStore = true;
        paused = false;
        pump();
    }

    /** The peer has no room: nothing is written until {@link #rewind}. @return false: it was paused already */
    boolean pause() {
        if (paused || ended) {
            return false;
        }
        paused = true;
        return true;
    }

    /** Writes what the window and the connection have room for. */
    void pump() {
        while (!ended && !paused && windingUp == null) {
            if (moreInStore && !loading && ready.size() < READY_LOW) {
                load();
            }
            Waiting next = ready.peek();
            if (next == null || !windowHasRoomFor(next.message()) || lane.isAheadOfStore(again)) {
                return;
            }
            switch (lane.claim(next.message().seq(), again)) {
                case ENDED -> drop();
                case ANOTHERS -> {
                    return;
                }
                case OURS -> {
                    if (!write(next)) {
                        return;
                    }
                }
            }
        }
    }

    /** The message of this id that waits for an acknowledgement. */
    Optional<Waiting> inFlight(UUID id) {
        return Optional.ofNullable(inFlight.get(id)).map(InFlight::waiting);
    }

    /** The peer answered for this id. @return the message, if it was waiting for that */
    Optional<InFlight> answered(UUID id) {
        InFlight found = inFlight.remove(id);
        if (found != null) {
            inFlightBytes -= found.waiting().message().size();
            settle();
        }
        return Optional.ofNullable(found);
    }

    /**
     * The node ends: writes nothing new, waits until all that is written is answered, then takes nothing more, and waits until all that
     * was taken is answered. @return completes then, or with the session's end
     */
    CompletionStage<Void> windUp() {
        if (windingUp == null) {
            windingUp = new CompletableFuture<>();
            settle();
        }
        return windingUp;
    }

    /** The peer says in which trace the next message is. */
    void traced(Record.Trace trace) {
        announced = trace;
    }

    /** What the peer said, right before this message, of its trace. A claim, and not of the wrong form. */
    Optional<TraceContext> traceOf(UUID message) {
        Record.Trace last = announced;
        announced = null;
        if (last == null || !last.message().equals(message)) {
            return Optional.empty();
        }
        return Optional.of(new TraceContext(last.trace(), last.span(), last.flags()))
                .filter(TraceContext::isValid);
    }

    /** A message has come. @return false: it is not to be looked at, because the session is about to close */
    boolean takes() {
        if (deaf) {
            return false;
        }
        unanswered++;
        return true;
    }

    /** A message has come and is to be stored. @return false: more is on its way to the store than an honest peer sends */
    boolean receiving(int size) {
        if (receiving.addAndGet(size) > RECEIVING_BYTES) {
            receiving.addAndGet(-size);
            return false;
        }
        return true;
    }

    /** It is stored, or given up. */
    void received(int size) {
        receiving.addAndGet(-size);
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

    /**
     * A newer session writes from now on, until {@link #rewind}. This one may be dead without anybody knowing yet: what is on
     * its way here may go over the other as well, for the peer knows it by its id.
     */
    void stepAside() {
        generation++;
        loading = false;
        paused = true;
        ready.clear();
        readyBytes = 0;
        moreInStore = true;
        inFlight.values().forEach(each -> lane.release(each.waiting().message().seq()));
    }

    /** The session is over: what it had on its way is given back. */
    void ended() {
        ended = true;
        generation++;
        inFlight.values().forEach(each -> {
            lane.release(each.waiting().message().seq());
            each.unanswered();
        });
        inFlight.clear();
        ready.clear();
        if (windingUp != null) {
            windingUp.complete(null);
        }
    }

    /** Writes what was claimed. @return false: the connection takes nothing now */
    private boolean write(Waiting next) {
        OutgoingMessage message = next.message();
        if (message.record().length() > session.remoteMaxPlaintext()) {
            drop();
            lane.answered(message.seq());
            source.tooLong(this, message);
            return true;
        }
        Step step = message.trace().isEmpty()
                ? Step.NONE
                : tracing.session(message.trace())
                        .put("messaging.message.id", message.id())
                        .put("messaging.message.body.size", message.size())
                        .put("parley.peer.id", session.peerId())
                        .put("parley.session.id", session.id());
        // Where the message is not taken after all, nobody has heard of this step: it is never ended, and the next has
        // its own.
        if (!tell(step, message.id()) || !session.send(message.record())) {
            lane.release(message.seq());
            return false;
        }
        drop();
        inFlight.put(message.id(), new InFlight(next, System.nanoTime(), step));
        inFlightBytes += message.size();
        return true;
    }

    /** Tells the peer in which trace the message is that follows. @return false: the connection takes nothing now */
    private boolean tell(Step step, UUID id) {
        Optional<TraceContext> context = step.context();
        return context.isEmpty()
                || session.send(new Record.Trace(
                        id,
                        context.get().trace(),
                        context.get().span(),
                        context.get().flags()));
    }

    private void load() {
        loading = true;
        moreInStore = false;
        source.load(this, upTo, READY_MESSAGES, READY_BYTES);
    }

    private void ready(Waiting waiting) {
        ready.add(waiting);
        readyBytes += waiting.message().size();
        upTo = waiting.message().seq();
    }

    private void drop() {
        readyBytes -= ready.poll().message().size();
    }

    private boolean isReadyFull() {
        return ready.size() >= READY_MESSAGES || readyBytes >= READY_BYTES;
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
        unanswered -= now.size();
        settle();
    }

    private void settle() {
        if (windingUp == null || !inFlight.isEmpty()) {
            return;
        }
        deaf = true;
        if (unanswered == 0) {
            windingUp.complete(null);
        }
    }

    private boolean windowHasRoomFor(OutgoingMessage message) {
        return inFlight.isEmpty()
                || inFlight.size() < window.messages() && inFlightBytes + message.size() <= window.bytes();
    }
}
