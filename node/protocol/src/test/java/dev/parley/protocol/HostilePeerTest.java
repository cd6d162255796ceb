package dev.parley.protocol;

import static dev.parley.protocol.ChannelTest.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that holds its key and seals what section 5 does not allow. */
class HostilePeerTest {
    private static final int PONG = 0x04;
    private static final int FILE_CHUNK = 0x12;
    private static final int FILE_END = 0x14;

    static Stream<Arguments> breaches() {
        return Stream.of(
                Arguments.of("READY again", new Record.Ready(Limits.MAX_PLAINTEXT_USUAL)),
                Arguments.of("PONG too short", new Record.Unknown(PONG, new byte[7])),
                Arguments.of("RATCHET of epoch 2", new Record.Ratchet(2, new byte[Record.Ratchet.KEY])),
                Arguments.of("RATCHET_DONE not due", new Record.RatchetDone(1)),
                Arguments.of("RATCHET with a bad key", new Record.Ratchet(1, new byte[Record.Ratchet.KEY])),
                Arguments.of(
                        "RATCHET_REPLY not due", new Record.RatchetReply(1, new byte[Record.RatchetReply.CIPHERTEXT])),
                Arguments.of(
                        "FILE_CHUNK too long",
                        new Record.Unknown(FILE_CHUNK, new byte[24 + Limits.FILE_CHUNK_DATA + 1])),
                Arguments.of("FILE_END of a status not in the table", fileEnd(6)),
                Arguments.of(
                        "longer than max_plaintext", new Record.Unknown(0x77, new byte[Limits.MAX_PLAINTEXT_USUAL])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void whatOpensButBreaksTheTableIsAnsweredByClose2(String what, Record record) throws Exception {
        for (boolean fromInitiator : new boolean[] {true, false}) {
            Link link = up();
            Host hostile = fromInitiator ? link.initiator : link.responder;
            Host honest = fromInitiator ? link.responder : link.initiator;
            SessionTest.queueOf(hostile.channel).add(record);
            link.flow();
            assertThat(honest.ending().how()).isEqualTo(Ending.How.CLOSED);
            assertThat(honest.ending().failure()).isEqualTo(Failure.MALFORMED);
            assertThat(hostile.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
            assertThat(hostile.ending().failure()).isEqualTo(Failure.MALFORMED);
            assertThat(honest.received()).isEmpty();
        }
    }

    /** That a chunk holds something is the transfer's to check: it ends the transfer, not the session. */
    @Test
    void anEmptyChunkIsHandedOn() throws Exception {
        Link link = up();
        link.initiator.channel.send(new Record.FileChunk(new UUID(1, 2), -1, new byte[0]), 0);
        link.flow();
        assertThat(link.responder.received()).hasSize(1).first().isInstanceOf(Record.FileChunk.class);
        assertThat(link.responder.ending()).isNull();
    }

    @Test
    void unknownKindsAreIgnoredAndToldOnce() throws Exception {
        Link link = up();
        SessionTest.queueOf(link.initiator.channel).add(new Record.Unknown(0x77, new byte[3]));
        SessionTest.queueOf(link.initiator.channel).add(new Record.Unknown(0x78, new byte[0]));
        link.initiator.channel.send(message("after them"), 0);
        link.flow();
        assertThat(link.responder.all(ChannelEvent.UnknownKind.class))
                .containsExactly(new ChannelEvent.UnknownKind(0x77));
        assertThat(ChannelTest.texts(link.responder)).containsExactly("after them");
    }

    /** The responder has shown that it holds the key: what comes in the clear from now on is somebody else's. */
    @Test
    void aFirstRecordThatIsMalformedStillEndsTheTimeOfReject() throws Exception {
        Link link = firstRecordIs(new Record.Unknown(PONG, new byte[7]));
        Host initiator = link.initiator;
        initiator.receive(link.responder.takeWire(), 0);
        assertThat(initiator.channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        initiator.receive(FrameType.REJECT.frame(new byte[] {(byte) Failure.BUSY.code()}), 0);
        initiator.settle(0);
        initiator.channel.tick(initiator.channel.deadline());
        initiator.settle(0);
        assertThat(initiator.saw(ChannelEvent.Up.class)).isFalse();
        assertThat(initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(initiator.ending().failure()).isEqualTo(Failure.MALFORMED);
    }

    /** What says good-bye does not answer a PING that asks whether the session is alive. */
    @Test
    void closeIsNoSignOfLife() {
        Link link = up();
        link.initiator.events.clear();
        link.responder.channel.close(Failure.NORMAL, "", 0);
        link.flow();
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(link.initiator.saw(ChannelEvent.Heard.class)).isFalse();
    }

    @Test
    void theEndInsideTheRespondersFirstFrameIsAFailedDial() {
        Link link = new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256GCM, Crypto.best()));
        link.flowUntil(4);
        link.initiator.receive(new byte[] {0x10, 0, 0}, 0);
        link.initiator.channel.endOfInput(0);
        link.initiator.settle(0);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.LOST);
    }

    @Test
    void anIllegalFrameAndTheEndAfterItLeaveNothingToWaitFor() {
        Link link = up();
        link.responder.receive(new byte[] {0x01, 0, 0, 100}, 0);
        link.responder.channel.endOfInput(0);
        link.responder.settle(0);
        assertThat(link.responder.takeWire()).isNotEmpty();
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.MALFORMED);
    }

    /** Under suite 1 IV, one block and tag make 64 bytes; nothing shorter is buffered. */
    @Test
    void aRecordShorterThanItsSuiteMakesOneIsIllegal() {
        for (int length : new int[] {63, 64}) {
            Link link = Link.up(Suite.A256CBC_HS512, Crypto.best());
            link.responder.receive(new byte[] {0x10, 0, 0, (byte) length}, 0);
            assertThat(link.responder.channel.phase())
                    .isEqualTo(length < 64 ? Channel.Phase.CLOSING : Channel.Phase.UP);
        }
    }

    /** A link whose responder has sealed this in place of its first record; it waits on the wire. */
    private static Link firstRecordIs(Record record) throws Exception {
        Link link = new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256GCM, Crypto.best()));
        link.flowUntil(4);
        link.responder.decide = false;
        link.flowUntil(5);
        link.responder.channel.admit(0);
        assertThat(SessionTest.queueOf(link.responder.channel).take()).isInstanceOf(Record.Ping.class);
        SessionTest.queueOf(link.responder.channel).add(record);
        link.responder.settle(0);
        return link;
    }

    private static Record fileEnd(int status) {
        byte[] content = new byte[17];
        content[16] = (byte) status;
        return new Record.Unknown(FILE_END, content);
    }

    private static Link up() {
        return Link.up(Suite.A256GCM, Crypto.best());
    }
}
