package dev.parley.protocol;

import dev.parley.protocol.crypto.Certificates;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.SessionKeys;
import dev.parley.protocol.record.RecordLayer;
import dev.parley.protocol.record.SendQueue;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import dev.parley.protocol.wire.Text;
import java.util.Arrays;

/** Records in both directions (sections 5 and 6), from the keys' making to the last CLOSE. */
final class SessionStage implements Stage {
    private enum Life {
        /** Responder: the host has not said yet whether the peer gets in. */
        UNDECIDED,
        /** Initiator: the responder's first record has not opened yet. */
        UNCONFIRMED,
        UP,
        CLOSING
    }

    private final Core core;
    private final RecordLayer records;
    private final SendQueue queue = new SendQueue();
    private final Liveness liveness;
    private final Closing closing;
    private final int remoteMaxPlaintext;
    private Life life;
    private boolean confirmed;
    private boolean handleNothing;
    private boolean heardTold;
    private boolean unknownTold;
    private long lastHeard;
    private long pings;
    private long fullSince = Long.MAX_VALUE;

    private SessionStage(Core core, RecordLayer records, int remoteMaxPlaintext, Life life, long now) {
        this.core = core;
        this.records = records;
        this.remoteMaxPlaintext = remoteMaxPlaintext;
        this.life = life;
        this.liveness = new Liveness(core.settings.timing(), now);
        this.closing = new Closing(core);
        this.lastHeard = now;
        this.confirmed = core.role == Role.RESPONDER;
    }

    /** The initiator's session: READY is its first record. */
    static SessionStage initiator(Core core, Authenticated proof, long now) {
        RecordLayer records = records(core, proof.keys(), now);
        SessionStage stage = new SessionStage(core, records, proof.remoteMaxPlaintext(), Life.UNCONFIRMED, now);
        stage.queue.add(new Record.Ready(core.settings.maxPlaintext()));
        return stage;
    }

    /** The responder's session, entered when READY has opened; the host is asked whether the peer gets in. */
    static void responder(Core core, RecordLayer records, Authenticated proof, long now) {
        SessionStage stage = new SessionStage(core, records, proof.remoteMaxPlaintext(), Life.UNDECIDED, now);
        core.authenticated(proof.peer(), proof.keys().sessionId());
        core.enter(stage);
        if (Certificates.fitKey(proof.peer())) {
            core.emit(new ChannelEvent.InitiatorProved(proof.peer(), core.sessionId, core.suite));
        } else {
            stage.turnAway(Failure.MALFORMED, "initiator's certificate is for another key", now);
        }
    }

    /** A session whose first record opened and was not READY: it can only be closed. */
    static SessionStage unwanted(Core core, RecordLayer records, long now) {
        SessionStage stage = new SessionStage(core, records, 0, Life.UNDECIDED, now);
        core.enter(stage);
        return stage;
    }

    static RecordLayer records(Core core, SessionKeys keys, long now) {
        ChannelSettings settings = core.settings;
        return new RecordLayer(core.role, keys, settings.rekeying(), settings.crypto(), settings.random(), now);
    }

    void admit(long now) {
        if (life == Life.UNDECIDED) {
            life = Life.UP;
            liveness.input(now);
            core.emit(new ChannelEvent.Up(core.peer, core.sessionId));
            ping();
        }
    }

    /** The responder's one record for a peer that it does not let in. */
    void turnAway(Failure failure, String detail, long now) {
        if (life == Life.UNDECIDED) {
            handleNothing = true;
            close(failure, "", detail, now);
        }
    }

    boolean send(Record record, long now) {
        if (record.length() > remoteMaxPlaintext) {
            throw new IllegalArgumentException("record is longer than the peer accepts");
        }
        if (life != Life.UP && life != Life.UNCONFIRMED) {
            return false;
        }
        // One always fits: an empty queue that refused would never drain, and the peer is not to blame.
        if (!queue.isEmpty() && queue.bytes() + record.length() > core.settings.maxQueued()) {
            fullSince = Math.min(fullSince, now);
            return false;
        }
        queue.add(record);
        return true;
    }

    void ping() {
        if (life == Life.UP || life == Life.UNCONFIRMED) {
            queue.add(new Record.Ping(++pings));
        }
    }

    boolean undecided() {
        return life == Life.UNDECIDED;
    }

    int remoteMaxPlaintext() {
        return remoteMaxPlaintext;
    }

    RecordLayer records() {
        return records;
    }

    long queuedBytes() {
        return queue.bytes();
    }

    long lastHeard() {
        return lastHeard;
    }

    @Override
    public boolean legal(FrameType type) {
        return type == FrameType.RECORD || type == FrameType.REJECT && !confirmed;
    }

    @Override
    public int minRecord() {
        return core.suite.sealedLength(1);
    }

    @Override
    public int maxRecord() {
        return core.settings.maxPlaintext() + Limits.RECORD_OVERHEAD;
    }

    @Override
    public Input input() {
        if (closing.deaf()) {
            return Input.DISCARD;
        }
        return life == Life.UNDECIDED ? Input.HOLD : Input.READ;
    }

    @Override
    public void heardBytes(long now) {
        heardTold = false;
        liveness.input(now);
    }

    @Override
    public void frame(FrameType type, byte[] frame, long now) {
        if (type == FrameType.REJECT) {
            int code = frame[Limits.FRAME_HEADER] & 0xff;
            String reason = Text.show(Arrays.copyOfRange(frame, Limits.FRAME_HEADER + 1, frame.length));
            core.end(new Ending(
                    Ending.How.REJECTED_BY_PEER,
                    Failure.of(code),
                    code,
                    reason,
                    "REJECT in place of the first record"));
            return;
        }
        int epoch = records.receiveEpoch();
        long n = records.receiveN();
        byte[] plaintext;
        try {
            plaintext = records.open(frame);
        } catch (CryptoException e) {
            core.end(new Ending(Ending.How.TAMPERED, Failure.HANDSHAKE_FAILED, "a record does not open"));
            return;
        }
        lastHeard = now;
        confirmed = true;
        try {
            if (plaintext.length > core.settings.maxPlaintext()) {
                throw new MalformedException("record longer than max_plaintext");
            }
            Record record = Record.parse(plaintext);
            if (!(record instanceof Record.Close)) {
                heard();
            }
            handle(record, epoch, n, frame, now);
        } catch (MalformedException e) {
            close(Failure.MALFORMED, "", e.getMessage(), now);
        }
    }

    @Override
    public void endOfInput(boolean insideFrame, long now) {
        if (confirmed && insideFrame && !closing.deaf()) {
            core.end(new Ending(Ending.How.TRUNCATED, Failure.MALFORMED, "connection ended inside a frame"));
        } else if (life == Life.CLOSING && closing.endOfInput()) {
            // Ended there, or our CLOSE still goes out.
        } else if (!confirmed) {
            core.end(new Ending(
                    Ending.How.LOST, Failure.HANDSHAKE_FAILED, "connection ended before the responder's first record"));
        } else {
            core.end(new Ending(Ending.How.TRUNCATED, Failure.MALFORMED, "connection ended without CLOSE"));
        }
    }

    @Override
    public void badFrame(Failure failure, String detail, long now) {
        closing.deafen();
        close(failure, "", detail, now);
    }

    @Override
    public void taskFailed(HandshakeException failure, long now) {
        throw new IllegalStateException("a session has no tasks");
    }

    @Override
    public void close(Failure failure, String reason, long now) {
        handleNothing |= life == Life.UNDECIDED;
        close(failure, reason, "closed by this node", now);
    }

    @Override
    public void tick(long now) {
        switch (life) {
            case CLOSING -> closing.tick(now);
            case UNDECIDED -> {
                // The host decides, and reads nothing meanwhile.
            }
            case UNCONFIRMED, UP -> watch(now);
        }
    }

    @Override
    public long deadline() {
        return switch (life) {
            case CLOSING -> closing.deadline();
            case UNDECIDED -> Long.MAX_VALUE;
            case UNCONFIRMED, UP -> Math.min(Math.min(liveness.deadline(), records.ratchetDeadline()), stallDeadline());
        };
    }

    @Override
    public boolean hasOutput() {
        return !queue.isEmpty();
    }

    @Override
    public long outputBytes() {
        // Each record's header, IV, padding and tag come on top; a guess is enough.
        return queue.bytes() + (long) queue.size() * Limits.RECORD_OVERHEAD;
    }

    @Override
    public void fill(Output out, long now) {
        while (!queue.isEmpty()) {
            if (life == Life.UP && records.ratchetDue(now)) {
                if (!out.fits(records.ratchetLength())) {
                    return;
                }
                seal(records.startRatchet(now), out, now);
            }
            Record next = queue.take();
            if (!(next instanceof Record.Close) && !records.mayStillSeal(next)) {
                close(Failure.TIMED_OUT, "", "a key is used up and no ratchet came through", now);
                continue;
            }
            if (!out.fits(records.frameLength(next))) {
                queue.untake(next);
                return;
            }
            seal(next, out, now);
            written(now);
            if (next instanceof Record.Close) {
                closing.sealed(now);
                return;
            }
        }
    }

    @Override
    public Channel.Phase phase() {
        return switch (life) {
            case UNDECIDED, UNCONFIRMED -> Channel.Phase.AUTHENTICATED;
            case UP -> Channel.Phase.UP;
            case CLOSING -> Channel.Phase.CLOSING;
        };
    }

    @Override
    public void wipe() {
        records.close();
        queue.clear();
    }

    /** A CLOSE is not among what counts here: it neither makes a session nor shows that one goes on. */
    private void heard() {
        if (life == Life.UNCONFIRMED) {
            life = Life.UP;
            core.emit(new ChannelEvent.Up(core.peer, core.sessionId));
        }
        if (!heardTold) {
            heardTold = true;
            core.emit(new ChannelEvent.Heard());
        }
    }

    private void handle(Record record, int epoch, long n, byte[] frame, long now) throws MalformedException {
        if (record instanceof Record.Close close) {
            peerClosed(close, now);
            return;
        }
        boolean wanted = life != Life.CLOSING || record instanceof Record.Ack && !handleNothing;
        switch (record) {
            case Record.Ready ready -> throw new MalformedException("READY again, or from the responder");
            case Record.RatchetReply reply -> ratchet(reply, now);
            case Record.RatchetDone done -> ratchet(done, now);
            // Nothing but what keeps the keys in step is handled after our own CLOSE.
            case Record dropped when !wanted -> {}
            case Record.Ratchet ratchet -> ratchet(ratchet, now);
            case Record.Ping ping -> queue.add(new Record.Pong(ping.token()));
            case Record.Pong pong -> {}
            case Record.Unknown unknown -> {
                if (!unknownTold) {
                    unknownTold = true;
                    core.emit(new ChannelEvent.UnknownKind(unknown.kind()));
                }
            }
            default -> core.emit(new ChannelEvent.Received(record, epoch, n, frame));
        }
    }

    private void ratchet(Record record, long now) throws MalformedException {
        int before = records.epoch();
        records.ratchetReceived(record, now)
                .filter(answer -> life != Life.CLOSING)
                .ifPresent(queue::add);
        tellEpoch(before);
    }

    private void seal(Record record, Output out, long now) {
        int epoch = records.sendEpoch();
        long n = records.sendN();
        int before = records.epoch();
        int length = records.frameLength(record);
        int offset = out.reserve(length);
        records.seal(record, out.array(), offset, now);
        if (record instanceof Record.Message message) {
            byte[] frame = Arrays.copyOfRange(out.array(), offset, offset + length);
            core.emit(new ChannelEvent.Sent(message, epoch, n, frame));
        }
        tellEpoch(before);
    }

    private void tellEpoch(int before) {
        if (records.epoch() != before) {
            core.emit(new ChannelEvent.Ratcheted(records.epoch()));
        }
    }

    private void watch(long now) {
        if (liveness.dead(now)) {
            close(Failure.IDLE, "", "nothing received for too long", now);
        } else if (now >= records.ratchetDeadline()) {
            close(Failure.TIMED_OUT, "", "ratchet took too long", now);
        } else if (now >= stallDeadline()) {
            close(Failure.TIMED_OUT, "", "peer does not read what is sent", now);
        } else if (liveness.pingDue(now)) {
            ping();
        }
    }

    /**
     * The queue counts as full from the first refusal until half of it has gone: one that has room for a little more only
     * holds as much memory, and its host may not ask again. Each record that goes shows that the peer still reads.
     */
    private void written(long now) {
        if (fullSince != Long.MAX_VALUE) {
            fullSince = queue.bytes() > core.settings.maxQueued() / 2 ? now : Long.MAX_VALUE;
        }
    }

    private long stallDeadline() {
        return fullSince == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : fullSince + core.settings.timing().writeStall();
    }

    private void peerClosed(Record.Close close, long now) {
        if (life != Life.CLOSING) {
            life = Life.CLOSING;
            queue.add(new Record.Close(Failure.NORMAL, ""));
            closing.begin(
                    new Ending(
                            Ending.How.CLOSED_BY_PEER, close.failure(), close.code(), close.shown(), "CLOSE received"),
                    now);
        }
        closing.received();
    }

    /** @param detail a constant text for the audit log */
    void close(Failure failure, String reason, String detail, long now) {
        if (life != Life.CLOSING) {
            // What was never up has nothing to acknowledge: its host knows of no session.
            handleNothing |= life != Life.UP;
            life = Life.CLOSING;
            queue.add(new Record.Close(failure, reason));
            closing.begin(new Ending(Ending.How.CLOSED, failure, detail), now);
        }
    }
}
