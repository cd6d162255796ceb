package dev.parley.protocol;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * One PSP/1 connection without I/O: the host carries bytes, runs tasks, answers decisions and tells the time.
 *
 * <p>Confined to one thread. {@code now} is always milliseconds of a monotonic clock. After every call the host writes
 * the output ({@link #transmit}), takes the events ({@link #poll}) and arms a timer for {@link #deadline}. Nothing that a
 * peer sends makes a method throw.
 */
public final class Channel implements AutoCloseable {
    /** Where a connection stands. */
    public enum Phase {
        HANDSHAKE,
        /** Keys exist; the session does not count yet. */
        AUTHENTICATED,
        UP,
        CLOSING,
        ENDED
    }

    private static final byte[] NOTHING = {};
    /** What a host may have read before it learned that it should not, beyond one record: a socket's buffer. */
    private static final int HELD_SLACK = 1 << 18;

    private final Core core;
    private final FrameReader reader;
    private final long begun;
    private byte[] held = NOTHING;
    private boolean endSeen;

    private Channel(Core core, long now) {
        this.core = core;
        this.reader = new FrameReader(core.settings.timing());
        this.begun = now;
    }

    /**
     * The dialing side. Its first event is a task.
     *
     * @param expected who must answer; empty: whoever does
     * @param now when the TCP connection was begun: the handshake's deadline counts from here
     */
    public static Channel initiate(ChannelSettings settings, Optional<PeerId> expected, long now) {
        Core core = new Core(settings, Role.INITIATOR, now);
        InitiatorStage stage = new InitiatorStage(core, expected);
        core.enter(stage);
        stage.begin();
        return new Channel(core, now);
    }

    /** The accepting side. */
    public static Channel respond(ChannelSettings settings, long now) {
        Core core = new Core(settings, Role.RESPONDER, now);
        core.enter(new ResponderStage(core));
        return new Channel(core, now);
    }

    /** Takes all of {@code in}. */
    public void receive(ByteBuffer in, long now) {
        if (core.ended()) {
            in.position(in.limit());
            return;
        }
        core.stage().heardBytes(now);
        if (held.length == 0) {
            pump(in, now);
            hold(in, now);
        } else {
            hold(in, now);
            release(now);
        }
    }

    /** The peer has half-closed, closed or reset the connection. */
    public void endOfInput(long now) {
        endSeen = true;
        if (!core.ended() && core.stage().input() != Stage.Input.HOLD) {
            core.stage().endOfInput(reader.inside(), now);
        }
    }

    /** Says whether the host should read on; false while a task or a decision is awaited. */
    public boolean wantsInput() {
        return !core.ended()
                && switch (core.stage()) {
                    case HandshakeStage handshake -> !handshake.busy();
                    default -> core.stage().input() != Stage.Input.HOLD;
                };
    }

    /** Says whether {@link #transmit} would return something. */
    public boolean hasOutput() {
        return !core.ended() && (core.hasFrames() || core.stage().hasOutput());
    }

    /**
     * Seals and returns whole frames to write now: as many as fit into {@code budget} bytes, at least one if one waits,
     * else an empty array. May bring events, the last one among them: what is returned is still to be written.
     */
    public byte[] transmit(int budget, long now) {
        if (!hasOutput()) {
            return NOTHING;
        }
        Output out = new Output(budget, core.frameBytes() + core.stage().outputBytes());
        core.takeFrames(out);
        if (!core.hasFrames()) {
            core.stage().fill(out, now);
        }
        return out.toBytes();
    }

    /** Lets time pass. */
    public void tick(long now) {
        if (core.ended()) {
            return;
        }
        if (now >= frameDeadline()) {
            core.stage().badFrame(Failure.TIMED_OUT, "a frame took too long", now);
        }
        core.stage().tick(now);
    }

    /** Returns when {@link #tick} is due; Long.MAX_VALUE: never. */
    public long deadline() {
        return core.ended() ? Long.MAX_VALUE : Math.min(core.stage().deadline(), frameDeadline());
    }

    /** Takes the next event; null when there is none. */
    public ChannelEvent poll() {
        return core.poll();
    }

    /**
     * Takes a task back after its run; does nothing where the channel has ended meanwhile. Throws IllegalStateException
     * if it was not run.
     */
    public void complete(Task task, long now) {
        core.complete(task, now);
    }

    /** Gives a task up, not run, because a quota is used up: REJECT 7. */
    public void refuse(Task task, long now) {
        core.refuse(task, now);
    }

    /** Initiator, after ResponderNamed: reveals our identity and goes on. Ignored where nothing waits for it any more. */
    public void proceed(long now) {
        if (core.stage() instanceof InitiatorStage stage) {
            stage.proceed();
        }
    }

    /** Responder, after InitiatorProved: lets the peer in, with at once a record. Ignored where nothing waits for it any more. */
    public void admit(long now) {
        if (!core.ended() && core.stage() instanceof SessionStage session) {
            session.admit(now);
            release(now);
        }
    }

    /**
     * Initiator after ResponderNamed: ALERT with this code. Responder after InitiatorProved: CLOSE with this code, and
     * nothing that the peer sends is handled. Ignored where nothing waits for it any more.
     */
    public void turnAway(Failure code, long now) {
        switch (core.stage()) {
            case InitiatorStage stage -> stage.turnAway(code, now);
            case SessionStage session
            when !core.ended() -> {
                session.turnAway(code, "peer not let in", now);
                release(now);
            }
            default -> {
                // It has ended.
            }
        }
    }

    /**
     * Queues a MESSAGE, ACK or FILE record, or one of an extension; legal from Authenticated (initiator) or Up (responder) on. ACKs and
     * RETURN overtake everything, RETURN is not lost to a CLOSE behind it, MESSAGE and the other FILE records overtake FILE_CHUNK; otherwise the order stays.
     *
     * @return false: the queue is full, or the session is closing or not there yet. Room comes with {@link #transmit}:
     *     {@link #queuedBytes} tells how much
     * @throws IllegalArgumentException for another kind, or one longer than {@link #remoteMaxPlaintext}
     */
    public boolean send(Record record, long now) {
        switch (record) {
            case Record.Message message -> {}
            case Record.Ack ack -> {}
            case Record.FileOffer offer -> {}
            case Record.FileAccept accept -> {}
            case Record.FileChunk chunk -> {}
            case Record.FileProgress progress -> {}
            case Record.FileEnd end -> {}
            case Record.Instance instance -> {}
            case Record.Return last -> {}
            case Record.Trace trace -> {}
            case Record.Witness witness -> {}
            case Record.WitnessQuery query -> {}
            case Record.WitnessHeld held -> {}
            case Record.ReceiptQuery query -> {}
            case Record.Receipt receipt -> {}
            default ->
                throw new IllegalArgumentException(
                        "a host sends MESSAGE, ACK and FILE records, and those of extensions");
        }
        return !core.ended() && core.stage() instanceof SessionStage session && session.send(record, now);
    }

    /** Queues a PING; does nothing where there is no session. */
    public void ping(long now) {
        if (!core.ended() && core.stage() instanceof SessionStage session) {
            session.ping();
        }
    }

    /**
     * Ends the connection in the way that its state asks for: CLOSE in a session, else REJECT. A second time does
     * nothing.
     *
     * @param reason for people at the peer, may be empty; cut to 255 bytes of UTF-8
     */
    public void close(Failure code, String reason, long now) {
        if (!core.ended()) {
            core.stage().close(code, cut(reason), now);
            release(now);
        }
    }

    /** The host lost or gives up the socket: wipes everything; the event Ended (ABORTED) follows if none came before. */
    public void abort(long now) {
        close();
    }

    /** Wipes everything, like {@link #abort}. */
    @Override
    public void close() {
        core.end(new Ending(Ending.How.ABORTED, Failure.NORMAL, "given up by this node"));
        held = NOTHING;
    }

    /** Returns which side we are. */
    public Role role() {
        return core.role;
    }

    /** Returns the suite once one is chosen. */
    public Optional<Suite> suite() {
        return Optional.ofNullable(core.suite);
    }

    /** Returns the session's id once the peer is authenticated. */
    public Optional<UUID> sessionId() {
        return Optional.ofNullable(core.sessionId);
    }

    /** Returns the peer once it is authenticated. */
    public Optional<Identity> peer() {
        return Optional.ofNullable(core.peer);
    }

    /** Returns who the peer says it is, once it has: proved only where {@link #peer} is there too. */
    public Optional<Identity> claimed() {
        return Optional.ofNullable(core.claimed);
    }

    /** Returns the longest record plaintext that the peer accepts, in bytes; 0 where it is not known yet. */
    public int remoteMaxPlaintext() {
        return core.stage() instanceof SessionStage session ? session.remoteMaxPlaintext() : 0;
    }

    /** Returns the epoch of what we send; 0 before there is a session. */
    public int sendEpoch() {
        return core.stage() instanceof SessionStage session ? session.records().sendEpoch() : 0;
    }

    /** Returns the epoch of what we receive; 0 before there is a session. */
    public int receiveEpoch() {
        return core.stage() instanceof SessionStage session ? session.records().receiveEpoch() : 0;
    }

    /**
     * Returns the n of the next record to open, counted in {@link #receiveEpoch}; where one did not open, its n, also once
     * the channel has ended. 0 before there is a session.
     */
    public long receiveN() {
        return core.stage() instanceof SessionStage session ? session.records().receiveN() : 0;
    }

    /** Returns the bytes of plaintext that wait to be sealed and written. */
    public long queuedBytes() {
        return core.stage() instanceof SessionStage session ? session.queuedBytes() : 0;
    }

    /** Returns when the last record opened, on the host's clock; the start where none has. */
    public long lastHeard() {
        return core.stage() instanceof SessionStage session ? session.lastHeard() : begun;
    }

    /** Returns where the connection stands, for display. */
    public Phase phase() {
        return core.ended() ? Phase.ENDED : core.stage().phase();
    }

    private void pump(ByteBuffer in, long now) {
        while (in.hasRemaining() && !core.ended()) {
            Stage stage = core.stage();
            switch (stage.input()) {
                case HOLD -> {
                    return;
                }
                case DISCARD -> in.position(in.limit());
                case READ -> readFrame(in, stage, now);
            }
        }
        if (core.ended()) {
            in.position(in.limit());
        }
    }

    private void readFrame(ByteBuffer in, Stage stage, long now) {
        try {
            byte[] frame = reader.read(in, stage, now);
            if (frame != null) {
                stage.frame(FrameType.of(frame[0] & 0xff), frame, now);
            }
        } catch (FrameReader.IllegalFrameException e) {
            stage.badFrame(Failure.MALFORMED, e.getMessage(), now);
        }
    }

    /** Keeps what may not be looked at before the host has decided. */
    private void hold(ByteBuffer in, long now) {
        int count = in.remaining();
        if (count == 0) {
            return;
        }
        if (held.length + count > core.settings.maxPlaintext() + HELD_SLACK) {
            in.position(in.limit());
            held = NOTHING;
            core.stage().badFrame(Failure.MALFORMED, "more input than may wait for a decision", now);
            return;
        }
        ByteBuffer joined = ByteBuffer.allocate(held.length + count).put(held).put(in);
        held = joined.array();
    }

    /** Looks at what was held, if that is allowed now. */
    private void release(long now) {
        if (core.ended() || core.stage().input() == Stage.Input.HOLD) {
            return;
        }
        ByteBuffer waiting = ByteBuffer.wrap(held);
        held = NOTHING;
        pump(waiting, now);
        if (endSeen && !core.ended()) {
            core.stage().endOfInput(reader.inside(), now);
        }
    }

    private long frameDeadline() {
        return core.stage().input() == Stage.Input.READ ? reader.deadline() : Long.MAX_VALUE;
    }

    private static String cut(String reason) {
        StringBuilder fitting = new StringBuilder();
        int bytes = 0;
        for (int codePoint : reason.codePoints().toArray()) {
            bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > Limits.REASON) {
                break;
            }
            fitting.appendCodePoint(codePoint);
        }
        return fitting.toString();
    }
}
