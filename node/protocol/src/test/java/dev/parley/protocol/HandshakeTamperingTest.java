package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Limits;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever touches a handshake on the wire gets no session, and learns no more than the code says. */
class HandshakeTamperingTest {
    private static final int HELLO = 0;
    private static final int ACCEPT = 1;
    private static final int IDENTIFY = 2;
    private static final int CONFIRM = 3;
    private static final int READY = 4;
    private static final int STRIDE = 5;
    private static final long LONG_ENOUGH = 60_000;

    private final Random random = new Random();

    static Stream<Arguments> messages() {
        // Each suite on one of the providers: both providers open and seal alike, which the vectors show. Every byte
        // under the suite that is usual, a third of them, another one each time, under the other.
        return IntStream.rangeClosed(HELLO, READY)
                .boxed()
                .flatMap(message -> Stream.of(
                        Arguments.of(message, Suite.A256GCM, Crypto.best(), 1),
                        Arguments.of(message, Suite.A256CBC_HS512, Crypto.jdk(), 3)));
    }

    static Stream<Arguments> messagesOnce() {
        return IntStream.rangeClosed(HELLO, READY)
                .mapToObj(message -> Arguments.of(message, Suite.A256GCM, Crypto.best()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyFlippedByteIsRejected(int message, Suite suite, Crypto crypto, int stride) {
        int length = length(message, suite, crypto);
        for (int offset = random.nextInt(stride); offset < length; offset += stride) {
            int at = offset;
            int flip = 1 + random.nextInt(255);
            Link link = tampered(message, suite, crypto, bytes -> {
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) flip;
                return flipped;
            });
            String what = "byte " + at + " of message " + message + " xor " + flip;
            assertNoSession(link, message, what);
            assertThat(expected(message, at)).as(what).contains(failure(link));
        }
    }

    /** Cut off, with a length in the header that fits what is left; a fifth of all lengths, another one each time. */
    @ParameterizedTest
    @MethodSource("messagesOnce")
    void shorterMessagesAreRejected(int message, Suite suite, Crypto crypto) {
        int length = length(message, suite, crypto);
        for (int cut = Limits.FRAME_HEADER + random.nextInt(STRIDE); cut < length; cut += STRIDE) {
            int end = cut;
            Link link = tampered(message, suite, crypto, bytes -> {
                byte[] shorter = Arrays.copyOf(bytes, end);
                int body = end - Limits.FRAME_HEADER;
                shorter[1] = (byte) (body >>> 16);
                shorter[2] = (byte) (body >>> 8);
                shorter[3] = (byte) body;
                return shorter;
            });
            String what = "message " + message + " cut to " + end;
            assertNoSession(link, message, what);
            assertThat(failure(link)).as(what).isIn(Failure.MALFORMED, Failure.HANDSHAKE_FAILED);
        }
    }

    /** Nothing whatever happens before the last byte is in; and at the end of input the handshake has failed. */
    @ParameterizedTest
    @MethodSource("messagesOnce")
    void everyTruncationFailsTheHandshake(int message, Suite suite, Crypto crypto) {
        int length = length(message, suite, crypto);
        for (int cut : new int[] {0, 1, Limits.FRAME_HEADER - 1, Limits.FRAME_HEADER, length / 2, length - 1}) {
            Link link = new Link(Link.alice(suite, crypto), Link.bob(suite, crypto));
            link.flowUntil(message);
            Host sender = message % 2 == 0 ? link.initiator : link.responder;
            Host receiver = sender == link.initiator ? link.responder : link.initiator;
            byte[] bytes = sender.takeWire();
            int events = receiver.events.size();
            for (int i = 0; i < cut; i++) {
                receiver.receive(new byte[] {bytes[i]}, link.now);
                receiver.settle(link.now);
            }
            assertThat(receiver.events).as("cut at " + cut).hasSize(events);
            receiver.channel.endOfInput(link.now);
            receiver.settle(link.now);
            assertThat(receiver.ending().how())
                    .isEqualTo(receiver == link.initiator ? Ending.How.LOST : Ending.How.HANDSHAKE_FAILED);
            assertThat(receiver.takeWire()).isEmpty();
        }
    }

    private static Link tampered(int message, Suite suite, Crypto crypto, UnaryOperator<byte[]> change) {
        Link link = new Link(Link.alice(suite, crypto), Link.bob(suite, crypto));
        link.tamper = (index, bytes) -> index == message ? change.apply(bytes) : bytes;
        link.advance(LONG_ENOUGH);
        return link;
    }

    private static int length(int message, Suite suite, Crypto crypto) {
        int[] length = new int[1];
        Link link = new Link(Link.alice(suite, crypto), Link.bob(suite, crypto));
        link.tamper = (index, bytes) -> {
            length[0] = index == message ? bytes.length : length[0];
            return bytes;
        };
        link.flow();
        return length[0];
    }

    private static void assertNoSession(Link link, int message, String what) {
        assertThat(link.initiator.saw(ChannelEvent.Up.class)).as(what).isFalse();
        assertThat(link.responder.saw(ChannelEvent.InitiatorProved.class))
                .as(what)
                .isFalse();
        assertThat(link.initiator.saw(ChannelEvent.Authenticated.class))
                .as(what)
                .isEqualTo(message == READY);
        assertThat(link.initiator.ending()).as(what).isNotNull();
        assertThat(link.responder.ending()).as(what).isNotNull();
        if (message == READY && link.responder.ending().how() == Ending.How.HANDSHAKE_FAILED) {
            // Nothing answers a record that does not open.
            assertThat(link.initiator.ending().how()).as(what).isEqualTo(Ending.How.LOST);
        }
    }

    /** The code of the side that found it out. */
    private static Failure failure(Link link) {
        Ending initiator = link.initiator.ending();
        boolean foundByInitiator = initiator.how() == Ending.How.REJECTED || initiator.how() == Ending.How.ALERTED;
        return (foundByInitiator ? initiator : link.responder.ending()).failure();
    }

    private static Set<Failure> expected(int message, int offset) {
        if (offset == 0) {
            return EnumSet.of(Failure.MALFORMED);
        }
        if (offset < Limits.FRAME_HEADER) {
            // Out of range, or bytes left over, or too few for it to open, or a longer frame that never gets complete.
            return EnumSet.of(Failure.MALFORMED, Failure.HANDSHAKE_FAILED, Failure.TIMED_OUT);
        }
        int inBody = offset - Limits.FRAME_HEADER;
        return switch (message) {
            case HELLO ->
                switch (inBody) {
                    case 0, 2 -> EnumSet.of(Failure.NO_COMMON_VERSION_OR_SUITE);
                    case 1 -> EnumSet.of(Failure.MALFORMED);
                    // A key that passes its checks is found out by the transcript.
                    default -> EnumSet.of(Failure.MALFORMED, Failure.HANDSHAKE_FAILED);
                };
            case ACCEPT -> inBody == 0 ? EnumSet.of(Failure.MALFORMED) : EnumSet.of(Failure.HANDSHAKE_FAILED);
            case IDENTIFY, CONFIRM ->
                inBody < 2
                        ? EnumSet.of(Failure.MALFORMED, Failure.HANDSHAKE_FAILED)
                        : EnumSet.of(Failure.HANDSHAKE_FAILED);
            case READY -> EnumSet.of(Failure.HANDSHAKE_FAILED);
            default -> throw new IllegalArgumentException("no such message");
        };
    }
}
