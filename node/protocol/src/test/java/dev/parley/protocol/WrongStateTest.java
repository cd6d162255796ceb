package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame in every state: what the state does not await ends the connection. */
class WrongStateTest {
    private static final String ILLEGAL_TYPE = "frame of a type that is not legal now";
    private static final String ILLEGAL_LENGTH = "frame of a length that is not legal now";

    /** A state of a channel, and what may come in it. */
    private enum State {
        KEYGEN(true, 0, FrameType.REJECT),
        AWAIT_ACCEPT(true, 0, FrameType.ACCEPT, FrameType.REJECT),
        DECAPSULATE(true, 2, FrameType.REJECT),
        RESPONDER_NAMED(true, 2, FrameType.REJECT),
        AWAIT_CONFIRM(true, 2, FrameType.CONFIRM, FrameType.ALERT, FrameType.REJECT),
        UNWRAP_ANSWER(true, 4, FrameType.REJECT),
        UNCONFIRMED(true, 4, FrameType.RECORD, FrameType.REJECT),
        UP_AT_INITIATOR(true, 6, FrameType.RECORD),
        AWAIT_HELLO(false, 0, FrameType.HELLO),
        ENCAPSULATE(false, 1, FrameType.REJECT),
        AWAIT_IDENTIFY(false, 1, FrameType.IDENTIFY, FrameType.ALERT, FrameType.REJECT),
        UNWRAP(false, 3, FrameType.REJECT),
        AWAIT_READY(false, 3, FrameType.RECORD, FrameType.REJECT),
        UP_AT_RESPONDER(false, 5, FrameType.RECORD);

        private final boolean initiator;
        private final int carried;
        private final Set<FrameType> legal;

        State(boolean initiator, int carried, FrameType first, FrameType... more) {
            this.initiator = initiator;
            this.carried = carried;
            this.legal = EnumSet.of(first, more);
        }

        /** Returns a host in this state. */
        Host enter() {
            Link link = new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256GCM, Crypto.best()));
            Host host = initiator ? link.initiator : link.responder;
            boolean stopsAtTask = switch (this) {
                case KEYGEN, DECAPSULATE, UNWRAP_ANSWER, ENCAPSULATE, UNWRAP -> true;
                default -> false;
            };
            if (this == KEYGEN) {
                host.runTasks = false;
                host.settle(0);
                return host;
            }
            link.flowUntil(Math.max(0, carried - 1));
            host.runTasks = !stopsAtTask;
            host.decide = this != RESPONDER_NAMED;
            link.flowUntil(carried);
            return host;
        }
    }

    static Stream<Arguments> everyFrameInEveryState() {
        return Stream.of(State.values())
                .flatMap(state -> Stream.of(FrameType.values()).map(type -> Arguments.of(state, type)));
    }

    @ParameterizedTest
    @MethodSource("everyFrameInEveryState")
    void whatIsNotAwaitedEndsTheConnection(State state, FrameType type) {
        Host host = state.enter();
        assertThat(host.ending()).isNull();
        int length = type == FrameType.RECORD ? FrameType.RECORD.min() : type.min();
        // The header alone: it must be judged before a body is there.
        host.receive(header(type, length), 0);
        host.settle(0);
        boolean illegal = ending(host).detail().equals(ILLEGAL_TYPE);
        assertThat(illegal).isEqualTo(!state.legal.contains(type));
        if (illegal) {
            assertThat(ending(host).failure()).isEqualTo(Failure.MALFORMED);
            assertAnswered(state, host);
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void framesOfAnotherLengthEndTheConnection(State state) {
        for (FrameType type : state.legal) {
            int max = type != FrameType.RECORD
                    ? type.max()
                    : state == State.AWAIT_READY
                            ? Limits.RECORD_BEFORE_READY
                            : Limits.MAX_PLAINTEXT_USUAL + Limits.RECORD_OVERHEAD;
            for (int length : new int[] {type.min() - 1, max + 1}) {
                Host host = state.enter();
                host.receive(header(type, length), 0);
                host.settle(0);
                assertThat(ending(host).detail()).as(type + " of " + length).isEqualTo(ILLEGAL_LENGTH);
            }
            for (int length : new int[] {type.min(), max}) {
                Host host = state.enter();
                host.receive(header(type, length), 0);
                host.settle(0);
                assertThat(ending(host).detail()).as(type + " of " + length).isEqualTo("nothing yet");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void typesThatDoNotExistEndTheConnection(State state) {
        for (int code : new int[] {0x00, 0x05, 0x11, 0xff}) {
            Host host = state.enter();
            host.receive(new byte[] {(byte) code, 0, 0, 100}, 0);
            host.settle(0);
            assertThat(ending(host).detail()).isEqualTo(ILLEGAL_TYPE);
        }
    }

    /** What the wire shows of an ending: nothing before HELLO, REJECT 2 in a handshake, a record (CLOSE 2) in a session. */
    private static void assertAnswered(State state, Host host) {
        byte[] wire = host.takeWire();
        if (state == State.KEYGEN) {
            assertThat(wire).isEmpty();
            return;
        }
        boolean session = host.channel.peer().isPresent();
        byte[] last = session
                ? Arrays.copyOf(wire, 1)
                : Arrays.copyOfRange(wire, wire.length - Limits.FRAME_HEADER - 1, wire.length);
        if (session) {
            assertThat(wire.length).isPositive();
            assertThat(last[0]).isEqualTo((byte) FrameType.RECORD.code());
        } else {
            assertThat(last).containsExactly(FrameType.REJECT.code(), 0, 0, 1, Failure.MALFORMED.code());
        }
    }

    private static byte[] header(FrameType type, int length) {
        return new byte[] {(byte) type.code(), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length};
    }

    /** Lets the waits after a failure pass; what has not failed is shown as "nothing yet". */
    private static Ending ending(Host host) {
        if (host.ending() == null && host.channel.phase() == Channel.Phase.CLOSING) {
            host.channel.tick(host.channel.deadline());
            host.settle(0);
        }
        return host.ending() == null ? new Ending(Ending.How.LOST, Failure.NORMAL, "nothing yet") : host.ending();
    }
}
