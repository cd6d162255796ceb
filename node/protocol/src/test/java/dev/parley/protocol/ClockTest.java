package dev.parley.protocol;

import static dev.parley.protocol.ChannelTest.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Limits;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Everything that depends on time, on a clock that only the test moves. */
class ClockTest {
    private static final ChannelSettings.Timing TIMING = ChannelSettings.Timing.DEFAULTS;

    private static Link fresh() {
        return new Link(Link.alice(Suite.A256GCM, Crypto.best()), Link.bob(Suite.A256GCM, Crypto.best()));
    }

    private static Link up() {
        return Link.up(Suite.A256GCM, Crypto.best());
    }

    @Test
    void aSilentInitiatorIsRejectedAfterTenSeconds() {
        Host responder = Host.responder(Link.bob(Suite.A256GCM, Crypto.best()), 1_000);
        assertThat(responder.channel.deadline()).isEqualTo(11_000);
        responder.channel.tick(10_999);
        responder.settle(10_999);
        assertThat(responder.channel.phase()).isEqualTo(Channel.Phase.HANDSHAKE);
        responder.channel.tick(11_000);
        responder.settle(11_000);
        assertThat(responder.takeWire()).containsExactly(FrameType.REJECT.code(), 0, 0, 1, Failure.TIMED_OUT.code());
        assertThat(responder.saw(ChannelEvent.ShutdownOutput.class)).isTrue();
        assertThat(responder.ending()).isNull();
        responder.channel.tick(12_000);
        responder.settle(12_000);
        assertThat(responder.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void aSilentResponderIsGivenUpAfterTenSeconds() {
        Link link = fresh();
        link.initiator.settle(0);
        link.initiator.channel.tick(10_000);
        link.initiator.settle(10_000);
        link.initiator.channel.endOfInput(10_500);
        link.initiator.settle(10_500);
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    /** REJECT is legal towards a responder after HELLO only. */
    @Test
    void anInitiatorThatHasNotSentHelloEndsWithoutAWord() {
        Host initiator = Host.initiator(Link.alice(Suite.A256GCM, Crypto.best()), Optional.empty(), 0);
        initiator.runTasks = false;
        initiator.channel.tick(TIMING.handshake());
        initiator.settle(TIMING.handshake());
        assertThat(initiator.takeWire()).isEmpty();
        assertThat(initiator.ending().how()).isEqualTo(Ending.How.HANDSHAKE_FAILED);
        assertThat(initiator.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void theHandshakesDeadlineEndsWithReady() {
        Link link = up();
        link.advance(TIMING.handshake() + 1_000);
        assertThat(link.initiator.channel.phase()).isEqualTo(Channel.Phase.UP);
        assertThat(link.responder.channel.phase()).isEqualTo(Channel.Phase.UP);
    }

    @Test
    void aSlowFrameEndsTheSession() {
        Link link = up();
        int bodyLength = 1 << 20;
        link.responder.receive(new byte[] {0x10, (byte) (bodyLength >>> 16), 0, 0}, 5_000);
        long due = 5_000 + TIMING.frame() + TIMING.framePer32KiB() * 32;
        // Trickling bytes keep it alive, but not beyond the frame's own deadline.
        for (long now = 10_000; now < due; now += 10_000) {
            link.responder.receive(new byte[1], now);
            link.responder.channel.tick(now);
        }
        assertThat(link.responder.channel.phase()).isEqualTo(Channel.Phase.UP);
        link.responder.channel.tick(due - 1);
        assertThat(link.responder.channel.phase()).isEqualTo(Channel.Phase.UP);
        link.responder.channel.tick(due);
        link.responder.settle(due);
        assertThat(link.responder.channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        link.responder.channel.tick(due + TIMING.closeWait());
        link.responder.settle(due + TIMING.closeWait());
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void anIdleSessionStaysUpByPing() {
        Link link = up();
        link.advance(10 * TIMING.deadAfter());
        assertThat(link.initiator.channel.phase()).isEqualTo(Channel.Phase.UP);
        assertThat(link.responder.channel.lastHeard()).isGreaterThan(9 * TIMING.deadAfter());
    }

    @Test
    void aDeadPeerIsClosedWithIdle() {
        Link link = up();
        Host alone = link.responder;
        long pings = 0;
        while (alone.channel.phase() == Channel.Phase.UP) {
            long now = alone.channel.deadline();
            alone.channel.tick(now);
            alone.settle(now);
            pings += alone.takeWire().length > 0 ? 1 : 0;
            assertThat(now).isLessThanOrEqualTo(TIMING.deadAfter());
        }
        // Two of them PING, at 30 and 60 s; the last is CLOSE.
        assertThat(pings).isEqualTo(3);
        alone.channel.tick(TIMING.deadAfter() + TIMING.closeWait());
        alone.settle(TIMING.deadAfter() + TIMING.closeWait());
        assertThat(alone.ending().failure()).isEqualTo(Failure.IDLE);
        assertThat(alone.ending().how()).isEqualTo(Ending.How.CLOSED);
    }

    @Test
    void afterCloseASideReadsOnForTwoSeconds() {
        Link link = up();
        link.initiator.channel.close(Failure.NORMAL, "", 100);
        link.initiator.settle(100);
        assertThat(link.initiator.saw(ChannelEvent.ShutdownOutput.class)).isTrue();
        assertThat(link.initiator.channel.deadline()).isEqualTo(100 + TIMING.closeWait());
        link.initiator.channel.tick(100 + TIMING.closeWait());
        link.initiator.settle(100 + TIMING.closeWait());
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
    }

    @Test
    void aPeerThatLetsTheQueueStayFullIsClosed() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best())
                        .withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR)
                        .withMaxQueued(Limits.MAX_PLAINTEXT_FLOOR),
                Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        Channel channel = link.initiator.channel;
        long now = 0;
        while (channel.send(message("x".repeat(1000)), now)) {
            now++;
        }
        long full = now;
        // It still sends, so that it does not count as dead.
        link.initiator.receive(pingOf(link), full + 20_000);
        channel.tick(full + TIMING.writeStall() - 1);
        assertThat(channel.phase()).isEqualTo(Channel.Phase.UP);
        channel.tick(full + TIMING.writeStall());
        assertThat(channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        channel.tick(full + TIMING.writeStall() + TIMING.closeWait());
        link.initiator.settle(full + TIMING.writeStall() + TIMING.closeWait());
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    /** A peer that reads a little and then no more holds as much of our memory as one that never read. */
    @Test
    void aPeerThatStopsReadingAFullQueueIsClosed() {
        Link link = full();
        Channel channel = link.initiator.channel;
        assertThat(channel.transmit(1, 10_000)).isNotEmpty();
        link.initiator.receive(pingOf(link), 35_000);
        channel.tick(10_000 + TIMING.writeStall() - 1);
        assertThat(channel.phase()).isEqualTo(Channel.Phase.UP);
        channel.tick(10_000 + TIMING.writeStall());
        assertThat(channel.phase()).isEqualTo(Channel.Phase.CLOSING);
    }

    @Test
    void aQueueThatIsHalfWrittenIsNotFull() {
        Link link = full();
        Channel channel = link.initiator.channel;
        channel.transmit(Limits.MAX_PLAINTEXT_FLOOR / 2 + 1_500, 10_000);
        assertThat(channel.queuedBytes()).isBetween(1L, Limits.MAX_PLAINTEXT_FLOOR / 2L);
        assertThat(channel.send(message("x".repeat(1_000)), 10_000)).isTrue();
        link.initiator.receive(pingOf(link), 35_000);
        channel.tick(10_000 + 2 * TIMING.writeStall());
        assertThat(channel.phase()).isEqualTo(Channel.Phase.UP);
    }

    /** A session whose initiator has had a record refused at time 0. */
    private static Link full() {
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best())
                        .withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR)
                        .withMaxQueued(Limits.MAX_PLAINTEXT_FLOOR),
                Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        boolean taken = true;
        while (taken) {
            taken = link.initiator.channel.send(message("x".repeat(1_000)), 0);
        }
        return link;
    }

    @Test
    void aKeyTwoMinutesOldIsReplacedAtTheNextSeal() {
        Link link = up();
        link.advance(RatchetPolicy.DEFAULTS.age() - 1);
        link.now = RatchetPolicy.DEFAULTS.age();
        assertThat(link.initiator.channel.sendEpoch()).isZero();
        link.initiator.channel.send(message("m"), link.now);
        link.flow();
        assertThat(link.initiator.channel.sendEpoch()).isEqualTo(1);
        assertThat(link.initiator.channel.receiveEpoch()).isEqualTo(1);
        assertThat(link.responder.channel.sendEpoch()).isEqualTo(1);
        assertThat(link.initiator.all(ChannelEvent.Ratcheted.class)).containsExactly(new ChannelEvent.Ratcheted(1));
        assertThat(link.responder.all(ChannelEvent.Ratcheted.class)).containsExactly(new ChannelEvent.Ratcheted(1));
    }

    @Test
    void aRatchetThatIsNotAnsweredEndsTheSession() {
        Link link = up();
        Channel channel = link.initiator.channel;
        long now = RatchetPolicy.DEFAULTS.age();
        // Bytes, so that the peer does not count as dead.
        link.initiator.receive(pingOf(link), now);
        channel.send(message("m"), now);
        link.initiator.settle(now);
        link.initiator.receive(pingOf(link), now + 20_000);
        channel.tick(now + RatchetPolicy.DEFAULTS.timeout() - 1);
        assertThat(channel.phase()).isEqualTo(Channel.Phase.UP);
        channel.tick(now + RatchetPolicy.DEFAULTS.timeout());
        assertThat(channel.phase()).isEqualTo(Channel.Phase.CLOSING);
    }

    @Test
    void aRatchetThatIsAnsweredAndNotFinishedEndsTheSession() {
        Link link = up();
        Channel channel = link.responder.channel;
        long now = RatchetPolicy.DEFAULTS.age();
        link.advance(now - 1);
        link.initiator.channel.send(message("m"), now);
        link.initiator.settle(now);
        link.responder.receive(link.initiator.takeWire(), now);
        link.responder.settle(now);
        assertThat(channel.sendEpoch()).isEqualTo(1);
        assertThat(channel.receiveEpoch()).isZero();
        long due = now + RatchetPolicy.DEFAULTS.timeout();
        // RATCHET_DONE never comes; a PING does, so that the peer does not count as dead.
        link.initiator.channel.ping(now);
        link.initiator.settle(now);
        link.responder.receive(link.initiator.takeWire(), due - 10_000);
        channel.tick(due - 1);
        assertThat(channel.phase()).isEqualTo(Channel.Phase.UP);
        channel.tick(due);
        assertThat(channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        link.responder.settle(due);
        channel.tick(due + TIMING.closeWait());
        link.responder.settle(due + TIMING.closeWait());
        assertThat(link.responder.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void aKeyThatIsUsedUpEndsTheSession() {
        RatchetPolicy strict = new RatchetPolicy(1 << 20, 5, 120_000, 0, 30_000, 1 << 20, 10);
        Link link = new Link(
                Link.alice(Suite.A256GCM, Crypto.best()).withRekeying(strict), Link.bob(Suite.A256GCM, Crypto.best()));
        link.flow();
        for (int i = 0; i < 20; i++) {
            link.initiator.channel.send(message("m" + i), 0);
        }
        link.initiator.settle(0);
        // Nobody answers its RATCHET: after the tenth record, CLOSE among them, nothing more is sealed.
        assertThat(link.initiator.channel.phase()).isEqualTo(Channel.Phase.CLOSING);
        assertThat(link.initiator.all(ChannelEvent.Sent.class)).hasSizeLessThan(9);
        link.initiator.channel.tick(TIMING.closeWait());
        link.initiator.settle(TIMING.closeWait());
        assertThat(link.initiator.ending().failure()).isEqualTo(Failure.TIMED_OUT);
    }

    private static byte[] pingOf(Link link) {
        link.responder.channel.ping(0);
        link.responder.settle(0);
        return link.responder.takeWire();
    }
}
