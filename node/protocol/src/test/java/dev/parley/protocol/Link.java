package dev.parley.protocol;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Two hosts and the wire between them, on a clock that only the test moves. */
final class Link {
    static final SecureRandom RANDOM = new SecureRandom();
    static final IdentityKey ALICE = Vectors.key("initiator_rsa2048");
    static final IdentityKey BOB = IdentityKey.generate(2048, RANDOM);
    static final IdentityKey ALICE_TOO = Vectors.key("responder_rsa3072");

    final Host initiator;
    final Host responder;
    long now;
    /** Carried so far: HELLO, ACCEPT, IDENTIFY, CONFIRM, then what each side writes in its turn. */
    int carried;
    /** What becomes of bytes under way: their number in {@link #carried} and themselves. */
    BiFunction<Integer, byte[], byte[]> tamper = (index, bytes) -> bytes;

    Link(ChannelSettings initiator, ChannelSettings responder) {
        this.initiator = Host.initiator(initiator, Optional.empty(), now);
        this.responder = Host.responder(responder, now);
    }

    static ChannelSettings alice(Suite suite, Crypto crypto) {
        return settings(ALICE, "alice", suite, crypto);
    }

    static ChannelSettings bob(Suite suite, Crypto crypto) {
        return settings(BOB, "bob", suite, crypto);
    }

    /** A link whose handshake is through. */
    static Link up(Suite suite, Crypto crypto) {
        Link link = new Link(alice(suite, crypto), bob(suite, crypto));
        link.flow();
        if (!link.initiator.saw(ChannelEvent.Up.class) || !link.responder.saw(ChannelEvent.Up.class)) {
            throw new AssertionError("no session: " + link.initiator.events + link.responder.events);
        }
        return link;
    }

    /** Carries bytes both ways until nothing moves. */
    void flow() {
        boolean busy = true;
        while (busy) {
            initiator.settle(now);
            responder.settle(now);
            busy = carry(initiator, responder) | carry(responder, initiator);
        }
    }

    /** Moves the clock to {@code to}, ticking both ends when they ask for it and carrying what they write. */
    void advance(long to) {
        flow();
        while (true) {
            long next = Math.min(initiator.channel.deadline(), responder.channel.deadline());
            if (next > to) {
                now = to;
                return;
            }
            now = Math.max(now, next);
            initiator.channel.tick(now);
            responder.channel.tick(now);
            flow();
        }
    }

    /** Carries what there is until {@code count} pieces in all have been carried; the next one waits on the wire. */
    void flowUntil(int count) {
        while (carried < count) {
            initiator.settle(now);
            responder.settle(now);
            Host from = initiator.wire.size() > 0 ? initiator : responder;
            if (!carry(from, from == initiator ? responder : initiator)) {
                throw new AssertionError("nothing moves after " + carried);
            }
        }
        initiator.settle(now);
        responder.settle(now);
    }

    private boolean carry(Host from, Host to) {
        byte[] bytes = from.takeWire();
        if (bytes.length > 0) {
            to.receive(tamper.apply(carried++, bytes), now);
        }
        boolean end = from.outputShut && !from.shutDelivered;
        if (end) {
            from.shutDelivered = true;
            to.settle(now);
            to.channel.endOfInput(now);
        }
        return bytes.length > 0 || end;
    }

    private static ChannelSettings settings(IdentityKey key, String name, Suite suite, Crypto crypto) {
        return ChannelSettings.defaults(key, Identity.of(key, name, "", List.of()), RANDOM)
                .withSuites(List.of(suite))
                .withCrypto(crypto);
    }
}
