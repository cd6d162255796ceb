package dev.parley.node.transfer;

import dev.parley.node.audit.TransferEvent;
import dev.parley.node.session.Session;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The transfers of one session, in both directions. Those that go out take turns, chunk by chunk, and few chunks wait in the
 * session at a time: a message overtakes those, but not what is on its way to the socket. Confined to the session's event loop.
 */
final class SessionFiles {
    /** PSP/1 section 5: transfers at once in each direction. */
    static final int AT_ONCE = 4;

    /** Bytes of chunks in the session that are not yet written. */
    private static final int QUEUED = 256 << 10;

    private final Session session;
    private final Shared shared;
    private final Offers offers;
    private final Map<UUID, OutgoingStream> outgoing = new HashMap<>();
    private final Deque<OutgoingStream> turns = new ArrayDeque<>();
    private final Map<UUID, IncomingStream> incoming = new HashMap<>();
    private int queued;
    private boolean windingUp;

    SessionFiles(Session session, Shared shared, Offers offers) {
        this.session = session;
        this.shared = shared;
        this.offers = offers;
    }

    /** Offers what waits for the peer, as far as there is room. */
    void fill() {
        while (!windingUp && outgoing.size() < AT_ONCE && session.state() == Session.State.UP) {
            Optional<Outgoing> next = shared.live().dequeue(session.peerId());
            if (next.isEmpty()) {
                return;
            }
            OutgoingStream stream = new OutgoingStream(next.get(), this, session);
            if (!stream.offer()) {
                shared.live().putBack(next.get());
                return;
            }
            outgoing.put(stream.id(), stream);
            turns.add(stream);
        }
    }

    void received(Record record) {
        switch (record) {
            case Record.FileOffer offer -> offered(offer);
            case Record.FileAccept accept -> outgoing(accept.id()).ifPresent(each -> each.accepted(accept));
            case Record.FileChunk chunk ->
                Optional.ofNullable(incoming.get(chunk.id())).ifPresent(each -> each.chunk(chunk));
            case Record.FileProgress progress -> {
                outgoing(progress.id()).ifPresent(each -> each.progressed(progress));
                pump();
            }
            case Record.FileEnd end -> ended(end);
            default -> {}
        }
    }

    /** What waited in the session is written. */
    void writable() {
        queued = 0;
        fill();
        pump();
    }

    /** The node ends: no chunk more is sent; what came by the session's end is kept, and the next session goes on there. */
    void windUp() {
        windingUp = true;
    }

    /** Sends chunks, one of each transfer in turn, as long as there is room. */
    void pump() {
        int without = 0;
        while (!windingUp && queued < QUEUED && without < turns.size()) {
            OutgoingStream next = turns.remove();
            turns.add(next);
            int bytes = next.sendNext();
            queued += bytes;
            without = bytes == 0 ? without + 1 : 0;
        }
    }

    /** The transfer that is going out under this id. */
    Optional<OutgoingStream> outgoing(UUID id) {
        return Optional.ofNullable(outgoing.get(id));
    }

    void remove(OutgoingStream stream) {
        if (outgoing.remove(stream.id(), stream)) {
            turns.remove(stream);
            fill();
        }
    }

    void remove(IncomingStream stream) {
        incoming.remove(stream.id(), stream);
    }

    /** The session is over. */
    void cut() {
        List.copyOf(outgoing.values()).forEach(OutgoingStream::cut);
        List.copyOf(incoming.values()).forEach(IncomingStream::cut);
    }

    private void offered(Record.FileOffer offer) {
        if (windingUp) {
            return;
        }
        if (outgoing.containsKey(offer.id())) {
            // An honest peer's ids meet ours never. An answer would be taken for one about our own transfer.
            shared.audit()
                    .record(new TransferEvent.FileViolation(
                            offer.id(), session.peerId().toString(), session.id(), "the offer has the id of ours"));
            return;
        }
        IncomingStream before = incoming.remove(offer.id());
        if (before != null) {
            before.cut();
        }
        if (incoming.size() >= AT_ONCE) {
            session.send(new Record.FileEnd(offer.id(), FileStatus.NO_ROOM));
            return;
        }
        IncomingStream stream = new IncomingStream(offer, this, session);
        incoming.put(offer.id(), stream);
        offers.decide(stream);
    }

    private void ended(Record.FileEnd end) {
        IncomingStream in = incoming.get(end.id());
        OutgoingStream out = outgoing.get(end.id());
        if (in != null) {
            in.ended(end.status());
        } else if (out != null) {
            out.ended(end.status());
        }
    }
}
