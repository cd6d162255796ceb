package dev.parley.protocol;

import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;

/** After REJECT or ALERT: half-closed, reading on to the end, for at most 1 s, so that the peer gets to read it. */
final class DrainStage implements Stage {
    private final Core core;
    private final Ending ending;
    private final long deadline;

    DrainStage(Core core, Ending ending, long now) {
        this.core = core;
        this.ending = ending;
        this.deadline = now + core.settings.timing().rejectWait();
    }

    @Override
    public boolean legal(FrameType type) {
        return false;
    }

    @Override
    public int minRecord() {
        return 0;
    }

    @Override
    public int maxRecord() {
        return 0;
    }

    @Override
    public void frame(FrameType type, byte[] frame, long now) {
        throw new IllegalStateException("no frame is read here");
    }

    @Override
    public void endOfInput(boolean insideFrame, long now) {
        // A peer that has closed its direction may still read: what is queued is written first.
        if (!core.hasFrames()) {
            core.end(ending);
        }
    }

    @Override
    public void badFrame(Failure failure, String detail, long now) {
        // What comes now is not looked at.
    }

    @Override
    public void taskFailed(HandshakeException failure, long now) {
        // The task was cancelled.
    }

    @Override
    public void close(Failure failure, String reason, long now) {
        // Already under way.
    }

    @Override
    public void tick(long now) {
        if (now >= deadline) {
            core.end(ending);
        }
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public Input input() {
        return Input.DISCARD;
    }

    @Override
    public Channel.Phase phase() {
        return Channel.Phase.CLOSING;
    }

    @Override
    public void wipe() {
        // Nothing secret is left.
    }
}
