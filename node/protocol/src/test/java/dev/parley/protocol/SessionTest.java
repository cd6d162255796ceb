package dev.parley.protocol;

import static dev.parley.protocol.ChannelTest.message;
import static dev.parley.protocol.ChannelTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.record.SendQueue;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sections 4 and 5 at a channel's edge: who gets in, who is told what, and how sessions end. */
class SessionTest {
    private static Link fresh() {
        return new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256GCM, Crypto.best()));
    }

    private static Link up() {
        return Link.up(Suite.A256GCM, Crypto.best());
    }

    @Test
    void whoIsNotLetInGetsOneCloseAndNothingThatItSendsIsHandled() {
        Link link = fresh();
        link.responder.decide = false;
        link.flow();
        assertThat(link.responder.saw(ChannelEvent.InitiatorProved.class)).isTrue();
        assertThat(link.responder.channel.wantsInput()).isFalse();
        assertThat(link.initiator.channel.send(message("too early"), 0)).isTrue();
        link.flow();
        assertThat(link.responder.received()).isEmpty();

        link.responder.channel.turnAway(Failure.AWAITING_APPROVAL, 0);
        link.flow();
        assertThat(link.responder.received()).isEmpty();
        assertThat(link.responder.saw(ChannelEvent.Up.class)).isFalse();
        assertThat(link.initiator.saw(ChannelEvent.Up.class)).isFalse();
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.AWAITING_APPROVAL);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED);
    }

    @Test
    void whatCameBeforeTheDecisionIsHandledAfterIt() {
        Link link = fresh();
        link.responder.decide = false;
        link.flow();
        link.initiator.channel.send(message("early"), 0);
        link.flow();
        link.initiator.channel.close(Failure.NORMAL, "", 0);
        link.flow();
        link.responder.channel.admit(0);
        link.flow();
        assertThat(texts(link.responder)).containsExactly("early");
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
    }

    @Test
    void floodingBeforeTheDecisionEndsTheSession() {
        Link link = fresh();
        link.responder.decide = false;
        link.flow();
        for (int i = 0; i < 21; i++) {
            link.responder.receive(new byte[1 << 16], 0);
        }
        link.responder.settle(0);
        assertThat(link.responder.channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        link.advance(10_000);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.MALFORMED);
    }

    @Test
    void theInitiatorTurnsAResponderAwayWithAnAlert() {
        Link link = fresh();
        link.initiator.decide = false;
        link.flow();
        assertThat(link.initiator.channel.claimed().orElseThrow().peerId()).isEqualTo(Link.BOB.peerId());
        assertThat(link.initiator.channel.peer()).isEmpty();
        link.initiator.channel.turnAway(Failure.NOT_TRUSTED, 0);
        link.flow();
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.ALERTED);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.ALERTED_BY_PEER);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.NOT_TRUSTED);
        assertThat(link.responder.channel.claimed()).isEmpty();
    }

    @Test
    void anotherResponderThanExpectedIsRefusedBeforeAnyoneIsAsked() {
        Link link = fresh();
        Host initiator =
                Host.initiator(Link.alice(Suite.A256GCM, Crypto.best()), Optional.of(Link.ALICE_TOO.peerId()), 0);
        initiator.settle(0);
        link.responder.receive(initiator.takeWire(), 0);
        link.responder.settle(0);
        initiator.receive(link.responder.takeWire(), 0);
        initiator.settle(0);
        assertThat(initiator.saw(ChannelEvent.ResponderNamed.class)).isFalse();
        link.responder.receive(initiator.takeWire(), 0);
        link.responder.settle(0);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.NOT_TRUSTED);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.ALERTED_BY_PEER);
    }

    @Test
    void aNodeThatDialsItselfFindsOut() {
        ChannelSettings self = Link.alice(Suite.A256GCM, Crypto.best());
        Link link = new Link(self, self);
        link.flow();
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.CONNECTED_TO_SELF);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.CONNECTED_TO_SELF);
    }

    @Test
    void noCommonSuiteIsRejectedAndNothingElseIsTried() {
        Link link = new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256CBC_HS512, Crypto.best()));
        link.flow();
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.NO_COMMON_VERSION_OR_SUITE);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.REJECTED_BY_PEER);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.NO_COMMON_VERSION_OR_SUITE);
    }

    @Test
    void theRespondersOrderOfSuitesDecides() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best()).withSuites(List.of(Suite.A256GCM, Suite.A256CBC_HS512)),
                Link.bob(Suite.A256GCM, Crypto.best()).withSuites(List.of(Suite.A256CBC_HS512, Suite.A256GCM)));
        link.flow();
        assertThat(link.initiator.channel.suite()).contains(Suite.A256CBC_HS512);
        assertThat(link.responder.saw(ChannelEvent.Up.class)).isTrue();
    }

    @Test
    void overQuotaIsRejectedWithBusy() {
        Link link = fresh();
        link.responder.runTasks = false;
        link.flow();
        Task task = link.responder.all(ChannelEvent.TaskReady.class).getFirst().task();
        assertThat(task.kind()).isEqualTo(Task.Kind.ENCAPSULATE);
        assertThat(task.kind().forStranger()).isTrue();
        link.responder.channel.refuse(task, 0);
        link.flow();
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.BUSY);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.BUSY);
        // Too late: nothing comes of it, and nothing is thrown.
        task.run();
        link.responder.channel.complete(task, 0);
    }

    /** Section 4, "Quotas": the unwrap comes under one, and nothing has been learnt of the initiator before it. */
    @Test
    void anUnwrapOverQuotaIsRejectedWithBusy() {
        Link link = fresh();
        link.flowUntil(2);
        link.responder.runTasks = false;
        link.flowUntil(3);
        Task task = link.responder.all(ChannelEvent.TaskReady.class).getLast().task();
        assertThat(task.kind()).isEqualTo(Task.Kind.UNWRAP);
        assertThat(task.kind().forStranger()).isTrue();
        assertThat(link.responder.channel.wantsInput()).isFalse();
        link.responder.channel.refuse(task, 0);
        link.flow();
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.BUSY);
        assertThat(link.responder.channel.claimed()).isEmpty();
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.REJECTED_BY_PEER);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.BUSY);
    }

    /** The first half of IDENTIFY opens, or no RSA operation is even asked for. */
    @Test
    void aStrangerWhoDidNotSeeAcceptCostsNoUnwrap() {
        Link link = fresh();
        link.tamper = (index, bytes) -> {
            if (index == 2) {
                bytes[Limits.FRAME_HEADER + 2] ^= 1;
            }
            return bytes;
        };
        link.flow();
        assertThat(link.responder.all(ChannelEvent.TaskReady.class))
                .extracting(ready -> ready.task().kind())
                .containsExactly(Task.Kind.ENCAPSULATE);
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.HANDSHAKE_FAILED);
    }

    @Test
    void aTaskThatWasNotRunIsTheHostsMistake() {
        Host host = Host.initiator(Link.alice(Suite.A256GCM, Crypto.best()), Optional.empty(), 0);
        host.runTasks = false;
        host.settle(0);
        Task task = host.all(ChannelEvent.TaskReady.class).getFirst().task();
        assertThatThrownBy(() -> host.channel.complete(task, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureInsideATaskIsAFailedHandshake() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best()),
                Link.bob(Suite.A256GCM, Crypto.best()).withRandom(new ScriptedRandom()));
        link.flow();
        assertThat(link.responder.ending().failure()).isIn(Failure.HANDSHAKE_FAILED, Failure.MALFORMED);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.REJECTED_BY_PEER);
    }

    @Test
    void rejectIsShownWithEverythingUnprintableReplaced() {
        Link link = fresh();
        link.flowUntil(1);
        link.initiator.receive(FrameType.REJECT.frame(new byte[] {7, 'a', 27, '[', 'x', (byte) 0xff}), 0);
        link.initiator.settle(0);
        assertThat(link.initiator.ending().reason()).isEqualTo("a\ufffd[x\ufffd");
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.BUSY);
    }

    @Test
    void aRejectOfAnUnknownCodeIsKept() {
        Link link = fresh();
        link.flowUntil(1);
        link.initiator.receive(FrameType.REJECT.frame(new byte[] {(byte) 200}), 0);
        link.initiator.settle(0);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(link.initiator.ending().code()).isEqualTo(200);
    }

    @Test
    void aChangedRecordEndsTheSessionWithoutAnAnswer() {
        for (Suite suite : Suite.values()) {
            Link link = Link.up(suite, Crypto.best());
            link.initiator.channel.send(message("x"), 0);
            link.initiator.settle(0);
            byte[] frame = link.initiator.takeWire();
            frame[frame.length - 1] ^= 1;
            link.responder.channel.send(message("queued"), 0);
            link.responder.receive(frame, 0);
            link.responder.settle(0);
            assertThat(link.responder.ending().how()).isEqualTo(Ending.How.TAMPERED);
            assertThat(link.responder.takeWire()).isEmpty();
            // READY and the answer to its PING came before it.
            assertThat(link.responder.channel.receiveEpoch()).isZero();
            assertThat(link.responder.channel.receiveN()).isEqualTo(2);
            assertThat(link.responder.channel.send(message("y"), 0)).isFalse();
        }
    }

    @Test
    void theEndOfTcpWithoutCloseIsTruncation() {
        Link link = up();
        link.responder.channel.endOfInput(0);
        link.responder.settle(0);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.TRUNCATED);
    }

    @Test
    void theEndOfTcpInsideAFrameIsTruncationEvenAfterClose() {
        Link link = up();
        link.responder.channel.close(Failure.NORMAL, "", 0);
        link.responder.settle(0);
        link.responder.receive(new byte[] {0x10, 0, 0}, 0);
        link.responder.channel.endOfInput(0);
        link.responder.settle(0);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.TRUNCATED);
    }

    @Test
    void theEndOfTcpBeforeTheRespondersFirstRecordIsAFailedDial() {
        Link link = fresh();
        link.flowUntil(4);
        assertThat(link.initiator.saw(ChannelEvent.Authenticated.class)).isTrue();
        link.initiator.channel.endOfInput(0);
        link.initiator.settle(0);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.LOST);
    }

    @Test
    void afterItsOwnCloseASideHandlesAcksAndNothingElse() {
        Link link = up();
        Record.Message sent = message("last");
        link.initiator.channel.send(sent, 0);
        link.flow();
        link.responder.channel.send(message("dropped"), 0);
        link.responder.channel.send(new Record.Ack(sent.id(), Record.AckStatus.STORED), 0);
        link.responder.settle(0);
        link.initiator.channel.close(Failure.NORMAL, "", 0);
        link.flow();
        assertThat(link.initiator.received()).hasSize(1).first().isInstanceOf(Record.Ack.class);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
    }

    /** The reply to our RATCHET may come after our CLOSE, and what follows it is under the new key. */
    @Test
    void aCloseWhileTheReplyIsOnItsWayIsStillOrderly() {
        Link link = soonRatcheting();
        Record.Message sent = message("last");
        link.initiator.channel.send(sent, 0);
        link.initiator.settle(0);
        link.responder.receive(link.initiator.takeWire(), 0);
        link.initiator.channel.close(Failure.NORMAL, "", 0);
        link.responder.settle(0);
        assertThat(link.responder.channel.sendEpoch()).isEqualTo(1);
        link.responder.channel.send(new Record.Ack(sent.id(), Record.AckStatus.STORED), 0);
        link.flow();
        assertThat(link.initiator.received()).hasSize(1).first().isInstanceOf(Record.Ack.class);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
    }

    /** The same at the other side, for RATCHET_DONE. */
    @Test
    void aCloseWhileRatchetDoneIsOnItsWayIsStillOrderly() {
        Link link = soonRatcheting();
        link.initiator.channel.send(message("first"), 0);
        Record.Message answer = message("answer");
        link.initiator.settle(0);
        link.responder.receive(link.initiator.takeWire(), 0);
        link.responder.channel.send(answer, 0);
        link.responder.settle(0);
        link.initiator.receive(link.responder.takeWire(), 0);
        link.responder.channel.close(Failure.NORMAL, "", 0);
        link.responder.settle(0);
        link.initiator.settle(0);
        assertThat(link.initiator.channel.sendEpoch()).isEqualTo(1);
        assertThat(link.responder.channel.receiveEpoch()).isZero();
        link.initiator.channel.send(new Record.Ack(answer.id(), Record.AckStatus.STORED), 0);
        link.flow();
        assertThat(link.responder.received()).hasSize(2).last().isInstanceOf(Record.Ack.class);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
    }

    /** A session whose initiator begins a ratchet with its next record. */
    private static Link soonRatcheting() {
        RatchetPolicy soon = new RatchetPolicy(1 << 20, 2, 120_000, 0, 30_000, 1L << 32, 1L << 26);
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best()).withRekeying(soon), Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        return link;
    }

    @Test
    void waitingAcksAreWrittenBeforeCloseAndMessagesAreNot() {
        Link link = up();
        Record.Message received = message("to acknowledge");
        link.initiator.channel.send(received, 0);
        link.flow();
        link.responder.channel.send(message("stays unsent"), 0);
        link.responder.channel.send(new Record.Ack(received.id(), Record.AckStatus.STORED), 0);
        link.responder.channel.close(Failure.SHUTTING_DOWN, "", 0);
        link.flow();
        assertThat(link.initiator.received()).hasSize(1).first().isInstanceOf(Record.Ack.class);
        assertThat(link.responder.saw(ChannelEvent.Sent.class)).isFalse();
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.SHUTTING_DOWN);
    }

    @Test
    void acksThatWaitAreMergedAndGoBeforeMessages() {
        Link link = up();
        for (int i = 0; i < 100; i++) {
            link.initiator.channel.send(message("m"), 0);
            link.initiator.channel.send(new Record.Ack(ChannelTest.uuidV7(), Record.AckStatus.STORED), 0);
        }
        link.flow();
        assertThat(link.responder.received().getFirst())
                .isInstanceOfSatisfying(
                        Record.Ack.class, ack -> assertThat(ack.entries()).hasSize(100));
        assertThat(link.responder.received()).hasSize(101);
    }

    @Test
    void whatTheProtocolSendsItselfIsNotTheHosts() {
        Link link = up();
        assertThatThrownBy(() -> link.initiator.channel.send(new Record.Unknown(0x77, new byte[3]), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> link.initiator.channel.send(new Record.Ping(1), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFullQueueRefusesAndDrainsAgain() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best())
                        .withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR)
                        .withMaxQueued(Limits.MAX_PLAINTEXT_FLOOR),
                Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        int accepted = 0;
        while (link.initiator.channel.send(message("x".repeat(1000)), 0)) {
            accepted++;
        }
        assertThat(accepted).isEqualTo(15);
        assertThat(link.initiator.channel.queuedBytes()).isLessThanOrEqualTo(Limits.MAX_PLAINTEXT_FLOOR);
        link.flow();
        assertThat(link.responder.received()).hasSize(accepted);
        assertThat(link.initiator.channel.send(message("again"), 0)).isTrue();
    }

    @Test
    void anEmptyQueueTakesARecordOfAnyLength() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best())
                        .withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR)
                        .withMaxQueued(Limits.MAX_PLAINTEXT_FLOOR),
                Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        assertThat(link.initiator.channel.send(message("x".repeat(100_000)), 0)).isTrue();
        link.advance(60_000);
        assertThat(link.responder.received()).hasSize(1);
        assertThat(link.initiator.ending()).isNull();
    }

    /** Section 5, "Order of writing": what comes later overtakes what waits. */
    @Test
    void messagesGoBeforeChunksAndAcksBeforeBoth() {
        Link link = up();
        Channel channel = link.initiator.channel;
        UUID transfer = UUID.randomUUID();
        for (int i = 0; i < 3; i++) {
            assertThat(channel.send(new Record.FileChunk(transfer, 1_000L * i, new byte[1_000]), 0))
                    .isTrue();
        }
        long chunk = channel.queuedBytes() / 3;
        assertThat(chunk).isEqualTo(1 + 16 + 8 + 1_000);
        link.responder.receive(channel.transmit(1, 0), 0);
        assertThat(channel.queuedBytes()).isEqualTo(2 * chunk);

        Record.Message message = message("overtakes");
        channel.send(message, 0);
        channel.send(new Record.FileProgress(transfer, 0), 0);
        channel.send(new Record.Ack(message.id(), Record.AckStatus.STORED), 0);
        link.flow();
        assertThat(channel.queuedBytes()).isZero();
        assertThat(link.responder.received())
                .extracting(Record::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("FileChunk", "Ack", "Message", "FileProgress", "FileChunk", "FileChunk");
    }

    @Test
    void anInstanceIsSentAndHandedOn() {
        Link link = up();
        Record asked = new Record.Instance(UUID.randomUUID(), Record.InstanceWord.ASK);
        assertThat(link.initiator.channel.send(asked, 0)).isTrue();
        link.flow();
        assertThat(link.responder.received()).containsExactly(asked);
    }

    @Test
    void aReturnGoesBeforeCloseThoughMessagesThatWaitDoNot() {
        Link link = up();
        Channel leaving = link.initiator.channel;
        Record.Message waits = message("not sent any more");
        UUID acknowledged = message("of the peer").id();
        leaving.send(waits, 0);
        leaving.send(new Record.Ack(acknowledged, Record.AckStatus.STORED), 0);
        assertThat(leaving.send(new Record.Return(7), 0)).isTrue();
        leaving.close(Failure.SHUTTING_DOWN, "", 0);
        assertThat(leaving.send(new Record.Return(8), 0)).as("after CLOSE").isFalse();
        link.flow();
        assertThat(link.responder.received())
                .containsExactly(new Record.Return(7), new Record.Ack(acknowledged, Record.AckStatus.STORED));
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.SHUTTING_DOWN);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
    }

    @Test
    void aTraceStaysBeforeItsMessage() {
        Link link = up();
        Record.Message first = message("first");
        Record.Message second = message("second");
        Record.Trace trace = new Record.Trace(second.id(), UUID.randomUUID(), 1, 1);
        for (Record record : List.of(first, trace, second)) {
            assertThat(link.initiator.channel.send(record, 0)).isTrue();
        }
        link.flow();
        assertThat(link.responder.received()).extracting(Record::kind).containsExactly(0x01, 0x31, 0x01);
        assertThat(link.responder.received().get(1)).isEqualTo(trace);
    }

    @Test
    void everyFileRecordIsSentAndHandedOn() {
        Link link = up();
        UUID transfer = UUID.randomUUID();
        List<Record> records = List.of(
                new Record.FileOffer(transfer, -1, new byte[32], "name", "text/plain"),
                new Record.FileAccept(transfer, -1, 0xffff_ffffL),
                new Record.FileProgress(transfer, -1),
                new Record.FileEnd(transfer, Record.FileStatus.NO_ROOM),
                new Record.FileChunk(transfer, -1, new byte[Limits.FILE_CHUNK_DATA]));
        for (Record record : records) {
            assertThat(link.initiator.channel.send(record, 0)).isTrue();
            assertThat(link.responder.channel.send(record, 0)).isTrue();
        }
        link.flow();
        for (Host host : List.of(link.initiator, link.responder)) {
            assertThat(host.received()).extracting(Record::kind).containsExactly(0x10, 0x11, 0x13, 0x14, 0x12);
            assertThat(host.received())
                    .extracting(Record::length)
                    .containsExactlyElementsOf(
                            records.stream().map(Record::length).toList());
        }
    }

    /** An initiator that proves its key and then sends something else first: there is no session to hand an ACK to. */
    @Test
    void anAckOfOneThatNeverSentReadyIsNotHandedOn() throws Exception {
        Link link = fresh();
        link.flowUntil(3);
        Host hostile = link.initiator;
        hostile.runTasks = false;
        hostile.receive(link.responder.takeWire(), 0);
        hostile.settle(0);
        Task task = hostile.all(ChannelEvent.TaskReady.class).getLast().task();
        task.run();
        hostile.channel.complete(task, 0);
        SendQueue queue = queueOf(hostile.channel);
        assertThat(queue.take()).isInstanceOf(Record.Ready.class);
        queue.add(new Record.Ping(1));
        queue.add(new Record.Ack(message("never sent").id(), Record.AckStatus.STORED));
        link.flow();
        assertThat(link.responder.received()).isEmpty();
        assertThat(link.responder.saw(ChannelEvent.InitiatorProved.class)).isFalse();
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.MALFORMED);
    }

    /** The door for what no host can send. */
    static SendQueue queueOf(Channel channel) throws ReflectiveOperationException {
        Field core = Channel.class.getDeclaredField("core");
        core.setAccessible(true);
        Field queue = SessionStage.class.getDeclaredField("queue");
        queue.setAccessible(true);
        return (SendQueue) queue.get(((Core) core.get(channel)).stage());
    }

    @Test
    void aMessageLongerThanThePeerAcceptsIsTheHostsMistake() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best()),
                Link.bob(Suite.A256GCM, Crypto.best()).withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR));
        link.flow();
        assertThat(link.initiator.channel.remoteMaxPlaintext()).isEqualTo(Limits.MAX_PLAINTEXT_FLOOR);
        assertThatThrownBy(() -> link.initiator.channel.send(message("x".repeat(Limits.MAX_PLAINTEXT_FLOOR)), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void transmitKeepsToItsBudgetAndBatches() {
        Link link = up();
        for (int i = 0; i < 10; i++) {
            link.initiator.channel.send(message("x".repeat(100)), 0);
        }
        int frame = link.initiator.channel.transmit(1, 0).length;
        assertThat(frame).isBetween(100, 200);
        assertThat(link.initiator.channel.transmit(3 * frame, 0)).hasSize(3 * frame);
        assertThat(link.initiator.channel.transmit(3 * frame + frame - 1, 0)).hasSize(3 * frame);
        assertThat(link.initiator.channel.transmit(1 << 20, 0)).hasSize(3 * frame);
        assertThat(link.initiator.channel.transmit(1 << 20, 0)).isEmpty();
        assertThat(link.initiator.channel.hasOutput()).isFalse();
    }

    @Test
    void abortEndsAtOnceAndOnlyOnce() {
        Link link = up();
        link.initiator.channel.abort(0);
        link.initiator.channel.close();
        link.initiator.settle(0);
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.ABORTED);
        assertThat(link.initiator.channel.phase()).isEqualTo(Channel.Phase.ENDED);
        assertThat(link.initiator.channel.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(link.initiator.channel.hasOutput()).isFalse();
        link.initiator.receive(new byte[100], 0);
        link.initiator.channel.tick(1 << 30);
        link.initiator.channel.endOfInput(0);
        link.initiator.channel.close(Failure.NORMAL, "", 0);
        link.initiator.channel.admit(0);
        link.initiator.channel.proceed(0);
        link.initiator.settle(0);
        assertThat(link.initiator.all(ChannelEvent.Ended.class)).hasSize(1);
    }
}
