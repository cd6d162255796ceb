package dev.parley.protocol;

import static dev.parley.protocol.ChannelTest.message;
import static dev.parley.protocol.ChannelTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records and ratchets in any order and any pieces: nothing is lost, nothing reordered, both ends keep in step. */
class InterleavingTest {
    private static final int SESSIONS = 25;
    /** With both suites 2,000 in all. */
    private static final int INTERLEAVINGS = 40;

    private static final int STEPS = 30;
    /** Every few records, at once at both ends. */
    private static final RatchetPolicy EAGER = new RatchetPolicy(1 << 20, 4, 120_000, 0, 30_000, 1L << 32, 1L << 26);

    @ParameterizedTest
    @EnumSource(Suite.class)
    void nothingIsLostOrReordered(Suite suite) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int clashes = 0;
        for (int i = 0; i < SESSIONS; i++) {
            Link link = new Link(
                    Link.alice(suite, Crypto.best()).withRekeying(EAGER),
                    Link.bob(suite, Crypto.best()).withRekeying(EAGER));
            link.flow();
            End initiator = new End(link.initiator);
            End responder = new End(link.responder);
            for (int j = 0; j < INTERLEAVINGS; j++) {
                interleave(initiator, responder, random);
                assertInStep(initiator, responder, "seed " + seed + ", session " + i + ", interleaving " + j);
            }
            int epochs = link.initiator.channel.sendEpoch();
            assertThat(epochs).as("seed " + seed).isGreaterThan(INTERLEAVINGS / 2);
            // Each epoch has one RATCHET that counted; the others met one of the other side's.
            clashes += initiator.ratchets + responder.ratchets - epochs;
        }
        // Both started at once, again and again.
        assertThat(clashes).as("seed " + seed).isGreaterThan(SESSIONS);
    }

    private static void interleave(End initiator, End responder, Random random) {
        for (int step = 0; step < STEPS; step++) {
            End end = random.nextBoolean() ? initiator : responder;
            End other = end == initiator ? responder : initiator;
            switch (random.nextInt(3)) {
                case 0 -> end.send();
                case 1 -> end.write(random);
                default -> end.deliver(other, random.nextInt(400));
            }
        }
        while (initiator.busy() || responder.busy()) {
            initiator.write(random);
            responder.write(random);
            initiator.deliver(responder, Integer.MAX_VALUE);
            responder.deliver(initiator, Integer.MAX_VALUE);
        }
    }

    private static void assertInStep(End initiator, End responder, String what) {
        assertThat(texts(responder.host)).as(what).isEqualTo(initiator.sent);
        assertThat(texts(initiator.host)).as(what).isEqualTo(responder.sent);
        assertThat(initiator.host.channel.sendEpoch())
                .as(what)
                .isEqualTo(responder.host.channel.receiveEpoch())
                .isEqualTo(initiator.host.channel.receiveEpoch())
                .isEqualTo(responder.host.channel.sendEpoch());
        for (End end : List.of(initiator, responder)) {
            assertThat(end.host.channel.phase()).as(what).isEqualTo(Channel.Phase.UP);
            end.sent.clear();
            end.host.events.clear();
        }
    }

    /** One end and the bytes on their way from it. */
    private static final class End {
        final Host host;
        final List<String> sent = new ArrayList<>();
        byte[] wire = {};
        int ratchets;
        private int next;

        End(Host host) {
            this.host = host;
        }

        void send() {
            String text = "m" + next++;
            assertThat(host.channel.send(message(text), 0)).isTrue();
            sent.add(text);
        }

        /** Seals one record, or all that wait. */
        void write(Random random) {
            byte[] out = host.channel.transmit(random.nextBoolean() ? 1 : 1 << 20, 0);
            ratchets += ratchetsIn(out);
            wire = Arrays.copyOf(wire, wire.length + out.length);
            System.arraycopy(out, 0, wire, wire.length - out.length, out.length);
            events();
        }

        void deliver(End other, int count) {
            int length = Math.min(count, wire.length);
            other.host.receive(Arrays.copyOf(wire, length), 0);
            wire = Arrays.copyOfRange(wire, length, wire.length);
            other.events();
        }

        boolean busy() {
            return host.channel.hasOutput() || wire.length > 0;
        }

        /** Counts them by their length, which no other frame here has. */
        private int ratchetsIn(byte[] frames) {
            int wanted = host.channel.suite().orElseThrow().sealedLength(1 + 4 + Record.Ratchet.KEY);
            int count = 0;
            for (int at = 0; at < frames.length; ) {
                int length = (frames[at + 1] & 0xff) << 16 | (frames[at + 2] & 0xff) << 8 | frames[at + 3] & 0xff;
                count += length == wanted ? 1 : 0;
                at += Limits.FRAME_HEADER + length;
            }
            return count;
        }

        private void events() {
            for (ChannelEvent event = host.channel.poll(); event != null; event = host.channel.poll()) {
                host.events.add(event);
            }
        }
    }
}
