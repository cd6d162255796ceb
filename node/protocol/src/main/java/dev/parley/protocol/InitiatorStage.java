package dev.parley.protocol;

import dev.parley.protocol.crypto.Certificates;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.AwaitAccept;
import dev.parley.protocol.handshake.AwaitConfirm;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.ResponderClaimed;
import dev.parley.protocol.handshake.Sent;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import java.util.Optional;

/** The dialing side's handshake (section 4): HELLO, ACCEPT, a decision, IDENTIFY, CONFIRM, READY. */
final class InitiatorStage extends HandshakeStage {
    private final Optional<PeerId> expected;

    InitiatorStage(Core core, Optional<PeerId> expected) {
        super(core);
        this.expected = expected;
    }

    void begin() {
        work(Task.Kind.KEYGEN, null, () -> AwaitAccept.begin(core.local), this::advance);
    }

    void proceed() {
        if (state instanceof ResponderClaimed decided) {
            work(Task.Kind.WRAP, decided, decided::identify, this::advance);
        }
    }

    void turnAway(Failure failure, long now) {
        if (state instanceof ResponderClaimed decided) {
            core.alert(decided.alert(failure), failure, "responder not wanted", now);
        }
    }

    @Override
    public boolean legal(FrameType type) {
        return switch (state) {
            case AwaitAccept awaited -> is(type, FrameType.ACCEPT, FrameType.REJECT);
            case AwaitConfirm awaited -> is(type, FrameType.CONFIRM, FrameType.ALERT, FrameType.REJECT);
            case null, default -> type == FrameType.REJECT;
        };
    }

    @Override
    public void frame(FrameType type, byte[] frame, long now) {
        if (type == FrameType.REJECT) {
            rejected(frame);
            return;
        }
        byte[] body = body(frame);
        switch (state) {
            case AwaitAccept awaited ->
                work(Task.Kind.DECAPSULATE, awaited, () -> awaited.accept(body, expected), this::decide);
            case AwaitConfirm awaited
            when type == FrameType.CONFIRM ->
                work(Task.Kind.UNWRAP_ANSWER, awaited, () -> awaited.confirm(body), this::authenticated);
            case AwaitConfirm awaited -> {
                try {
                    alerted(awaited.alert(body));
                } catch (HandshakeException e) {
                    core.fail(e, now);
                }
            }
            default -> throw new IllegalStateException("the gate let an illegal frame through");
        }
    }

    @Override
    public void endOfInput(boolean insideFrame, long now) {
        core.end(new Ending(Ending.How.LOST, Failure.HANDSHAKE_FAILED, "connection ended inside the handshake"));
    }

    @Override
    boolean busy() {
        return !(state instanceof AwaitAccept || state instanceof AwaitConfirm);
    }

    private void advance(Object result, long now) {
        switch (result) {
            case Sent<?>(byte[] frame, AwaitAccept next) -> {
                core.write(frame);
                core.mayReject = true;
                state = next;
            }
            case Sent<?>(byte[] frame, AwaitConfirm next) -> {
                core.write(frame);
                state = next;
            }
            default -> throw new IllegalStateException("not a step of the initiator");
        }
    }

    private void decide(Object result, long now) {
        ResponderClaimed claimed = (ResponderClaimed) result;
        state = claimed;
        claimed(claimed.claimed());
        core.suite = claimed.suite();
        core.emit(new ChannelEvent.ResponderNamed(claimed.claimed(), claimed.suite()));
    }

    private void authenticated(Object result, long now) {
        Authenticated proof = (Authenticated) result;
        core.authenticated(proof.peer(), proof.keys().sessionId());
        SessionStage session = SessionStage.initiator(core, proof, now);
        core.enter(session);
        if (Certificates.fitKey(proof.peer())) {
            core.emit(new ChannelEvent.Authenticated(proof.peer(), core.sessionId, core.suite));
        } else {
            session.close(Failure.MALFORMED, "", "responder's certificate is for another key", now);
        }
    }
}
