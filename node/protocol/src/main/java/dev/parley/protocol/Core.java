package dev.parley.protocol;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.HandshakeState;
import dev.parley.protocol.handshake.Local;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Role;
import dev.parley.protocol.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** What the stages of one channel share: events, frames of the handshake that wait, the running task, the end. */
final class Core {
    final ChannelSettings settings;
    final Role role;
    final Local local;
    /** When the handshake must be through. */
    final long handshakeDeadline;

    Suite suite;
    Identity claimed;
    Identity peer;
    UUID sessionId;
    /** Whether the peer takes a REJECT: a responder does so after HELLO only. */
    boolean mayReject;

    private final Deque<ChannelEvent> events = new ArrayDeque<>();
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private Stage stage;
    private Task task;
    private boolean ended;
    private boolean shutdownDue;

    Core(ChannelSettings settings, Role role, long now) {
        this.settings = settings;
        this.role = role;
        this.local = new Local(
                settings.key(),
                settings.identity(),
                settings.suites(),
                settings.maxPlaintext(),
                settings.crypto(),
                settings.random());
        this.mayReject = role == Role.RESPONDER;
        this.handshakeDeadline = now + settings.timing().handshake();
    }

    Stage stage() {
        return stage;
    }

    void enter(Stage next) {
        stage = next;
    }

    boolean ended() {
        return ended;
    }

    void emit(ChannelEvent event) {
        if (!ended) {
            events.add(event);
        }
    }

    ChannelEvent poll() {
        return events.poll();
    }

    /** Queues a whole frame that is not a record. */
    void write(byte[] frame) {
        frames.add(frame);
    }

    boolean hasFrames() {
        return !frames.isEmpty();
    }

    void takeFrames(Output out) {
        while (!frames.isEmpty() && out.fits(frames.peek().length)) {
            out.add(frames.remove());
        }
        if (frames.isEmpty() && shutdownDue) {
            shutdownDue = false;
            emit(new ChannelEvent.ShutdownOutput());
        }
    }

    long frameBytes() {
        long sum = 0;
        for (byte[] frame : frames) {
            sum += frame.length;
        }
        return sum;
    }

    /** The host half-closes once all frames are taken. */
    void shutdownOutput() {
        if (frames.isEmpty()) {
            emit(new ChannelEvent.ShutdownOutput());
        } else {
            shutdownDue = true;
        }
    }

    void start(Task.Kind kind, HandshakeState input, Task.Work work, Task.Then then) {
        task = new Task(kind, input, work, then);
        emit(new ChannelEvent.TaskReady(task));
    }

    boolean taskRuns() {
        return task != null;
    }

    void complete(Task completed, long now) {
        if (completed != task) {
            // Of a channel that has ended: the task was cancelled and wipes itself.
            return;
        }
        if (!completed.done()) {
            throw new IllegalStateException("the task was not run");
        }
        task = null;
        if (completed.failure() != null) {
            completed.wipe();
        }
        switch (completed.failure()) {
            case null -> completed.finish(now);
            case HandshakeException failure -> stage.taskFailed(failure, now);
            default -> reject(Failure.HANDSHAKE_FAILED, "", "the library failed in a task", now);
        }
    }

    void refuse(Task refused, long now) {
        if (refused == task) {
            reject(Failure.BUSY, "", "over quota", now);
        }
    }

    /** Answers a failure of the handshake by its ALERT, or by REJECT. */
    void fail(HandshakeException failure, long now) {
        if (failure.alert().isPresent()) {
            alert(failure.alert().get(), failure.failure(), failure.getMessage(), now);
        } else {
            reject(failure.failure(), "", failure.getMessage(), now);
        }
    }

    void alert(byte[] frame, Failure failure, String detail, long now) {
        write(frame);
        drain(new Ending(Ending.How.ALERTED, failure, detail), now);
    }

    void reject(Failure failure, String reason, String detail, long now) {
        if (!mayReject) {
            end(new Ending(Ending.How.HANDSHAKE_FAILED, failure, detail));
            return;
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        write(FrameType.REJECT.frame(
                new Writer(1 + text.length).u8(failure.code()).bytes(text).toBytes()));
        drain(new Ending(Ending.How.REJECTED, failure, detail), now);
    }

    /** The last event. What waits to be written is dropped, all secrets are wiped. */
    void end(Ending ending) {
        if (!ended) {
            emit(new ChannelEvent.Ended(ending));
            ended = true;
            frames.clear();
            stop();
        }
    }

    void authenticated(Identity who, UUID session) {
        peer = who;
        sessionId = session;
    }

    private void drain(Ending ending, long now) {
        stop();
        stage = new DrainStage(this, ending, now);
        shutdownOutput();
    }

    private void stop() {
        if (task != null) {
            task.cancel();
            task = null;
        }
        stage.wipe();
    }
}
