package dev.parley.protocol;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.HandshakeState;
import dev.parley.protocol.handshake.PeerAlert;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Text;
import java.util.Arrays;

/** What both roles' handshakes have in common: the state, the deadline, REJECT and ALERT. */
abstract sealed class HandshakeStage implements Stage permits InitiatorStage, ResponderStage {
    final Core core;
    /** Null while a task owns it. */
    HandshakeState state;

    HandshakeStage(Core core) {
        this.core = core;
    }

    /** Hands the state to a task. */
    final void work(Task.Kind kind, HandshakeState input, Task.Work work, Task.Then then) {
        state = null;
        core.start(kind, input, work, then);
    }

    final void rejected(byte[] frame) {
        int code = frame[Limits.FRAME_HEADER] & 0xff;
        String reason = Text.show(Arrays.copyOfRange(frame, Limits.FRAME_HEADER + 1, frame.length));
        core.end(new Ending(
                Ending.How.REJECTED_BY_PEER, Failure.of(code), code, reason, "REJECT received, which nobody signs"));
    }

    final void alerted(PeerAlert alert) {
        core.end(new Ending(
                Ending.How.ALERTED_BY_PEER, alert.failure(), alert.code(), alert.reason(), "ALERT received"));
    }

    final void claimed(Identity identity) {
        core.claimed = identity;
    }

    static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, Limits.FRAME_HEADER, frame.length);
    }

    @Override
    public int minRecord() {
        return core.suite.sealedLength(1);
    }

    @Override
    public int maxRecord() {
        return Limits.RECORD_BEFORE_READY;
    }

    @Override
    public final void badFrame(Failure failure, String detail, long now) {
        core.reject(failure, "", detail, now);
    }

    @Override
    public final void taskFailed(HandshakeException failure, long now) {
        core.fail(failure, now);
    }

    @Override
    public final void close(Failure failure, String reason, long now) {
        core.reject(failure, reason, "closed by this node", now);
    }

    @Override
    public final void tick(long now) {
        if (now >= core.handshakeDeadline) {
            core.reject(Failure.TIMED_OUT, "", "handshake took too long", now);
        }
    }

    @Override
    public final long deadline() {
        return core.handshakeDeadline;
    }

    @Override
    public final Input input() {
        // Whatever comes while a task or a decision is awaited is illegal but for REJECT: nothing is held back.
        return Input.READ;
    }

    @Override
    public final Channel.Phase phase() {
        return Channel.Phase.HANDSHAKE;
    }

    @Override
    public void wipe() {
        if (state != null) {
            state.close();
            state = null;
        }
    }

    /** Says whether the host is to stop reading, because nothing but REJECT may come. */
    abstract boolean busy();

    static boolean is(FrameType type, FrameType... legal) {
        return Arrays.asList(legal).contains(type);
    }
}
