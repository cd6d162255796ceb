package dev.parley.protocol;

import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.handshake.AwaitHello;
import dev.parley.protocol.handshake.AwaitIdentify;
import dev.parley.protocol.handshake.AwaitReady;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.Sent;
import dev.parley.protocol.record.RecordLayer;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;

/** The accepting side's handshake (section 4): HELLO, ACCEPT, IDENTIFY, CONFIRM, READY. */
final class ResponderStage extends HandshakeStage {
    private RecordLayer records;

    ResponderStage(Core core) {
        super(core);
        state = new AwaitHello(core.local);
    }

    @Override
    public boolean legal(FrameType type) {
        return switch (state) {
            case AwaitHello awaited -> type == FrameType.HELLO;
            case AwaitIdentify awaited -> is(type, FrameType.IDENTIFY, FrameType.ALERT, FrameType.REJECT);
            case AwaitReady awaited -> is(type, FrameType.RECORD, FrameType.REJECT);
            case null, default -> type == FrameType.REJECT;
        };
    }

    @Override
    public void frame(FrameType type, byte[] frame, long now) {
        if (type == FrameType.REJECT) {
            rejected(frame);
            return;
        }
        try {
            switch (state) {
                case AwaitHello awaited -> {
                    AwaitHello.HelloReceived hello = awaited.hello(body(frame));
                    core.suite = hello.suite();
                    work(Task.Kind.ENCAPSULATE, hello, hello::accept, this::advance);
                }
                case AwaitIdentify awaited when type == FrameType.ALERT -> alerted(awaited.alert(body(frame)));
                case AwaitIdentify awaited -> {
                    AwaitIdentify.WrapReceived identify = awaited.identify(body(frame));
                    work(Task.Kind.UNWRAP, identify, identify::confirm, this::advance);
                }
                case AwaitReady awaited -> first(awaited, frame, now);
                default -> throw new IllegalStateException("the gate let an illegal frame through");
            }
        } catch (HandshakeException e) {
            core.fail(e, now);
        }
    }

    @Override
    public void endOfInput(boolean insideFrame, long now) {
        core.end(new Ending(
                Ending.How.HANDSHAKE_FAILED, Failure.HANDSHAKE_FAILED, "connection ended inside the handshake"));
    }

    @Override
    boolean busy() {
        return state == null;
    }

    @Override
    public void wipe() {
        super.wipe();
        if (records != null) {
            records.close();
        }
    }

    private void advance(Object result, long now) {
        switch (result) {
            case Sent<?>(byte[] frame, AwaitIdentify next) -> {
                core.write(frame);
                state = next;
            }
            case Sent<?>(byte[] frame, AwaitReady next) -> {
                core.write(frame);
                state = next;
                claimed(next.claimed());
                records = SessionStage.records(core, next.keys(), now);
            }
            default -> throw new IllegalStateException("not a step of the responder");
        }
    }

    /** The first record: READY, or the end. */
    private void first(AwaitReady awaited, byte[] frame, long now) {
        byte[] plaintext;
        try {
            plaintext = records.open(frame);
        } catch (CryptoException e) {
            core.end(new Ending(
                    Ending.How.HANDSHAKE_FAILED, Failure.HANDSHAKE_FAILED, "the first record does not open"));
            return;
        }
        // From here on the session owns the keys.
        RecordLayer layer = records;
        records = null;
        state = null;
        try {
            if (!(Record.parse(plaintext) instanceof Record.Ready ready)) {
                throw new MalformedException("the first record is not READY");
            }
            SessionStage.responder(core, layer, awaited.ready(ready), now);
        } catch (MalformedException e) {
            SessionStage.unwanted(core, layer, now).close(Failure.MALFORMED, "", e.getMessage(), now);
        }
    }
}
