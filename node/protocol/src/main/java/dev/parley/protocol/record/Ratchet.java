package dev.parley.protocol.record;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.handshake.SessionKeys;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.security.SecureRandom;
import java.util.Optional;

/** Section 6: brings fresh X-Wing secrets into a running session. */
final class Ratchet implements AutoCloseable {
    /** Where a ratchet stands at this side. */
    private sealed interface Step {}

    /** None is under way. */
    private record Idle() implements Step {}

    /** We sent RATCHET and await the reply. {@code ignored}: the other side's own RATCHET came and lost. */
    private record Started(XWing.KeyPair ephemeral, boolean ignored) implements Step {}

    /** The reply came, our receive direction has moved; RATCHET_DONE is not sealed yet. */
    private record Finishing(SessionKeys next) implements Step {}

    /** We answered; RATCHET_REPLY is not sealed yet. */
    private record Answering(SessionKeys next) implements Step {}

    /** RATCHET_REPLY is sealed, our send direction has moved; RATCHET_DONE is awaited. */
    private record Answered(SessionKeys next) implements Step {}

    private final Role role;
    private final Sealer sealer;
    private final Opener opener;
    private final RatchetPolicy policy;
    private final Crypto crypto;
    private final SecureRandom random;
    private SessionKeys keys;
    private int epoch;
    private Step step = new Idle();
    private long deadline = Long.MAX_VALUE;
    private long age;

    Ratchet(
            Role role,
            SessionKeys keys,
            Sealer sealer,
            Opener opener,
            RatchetPolicy policy,
            Crypto crypto,
            SecureRandom random) {
        this.role = role;
        this.keys = keys;
        this.sealer = sealer;
        this.opener = opener;
        this.policy = policy;
        this.crypto = crypto;
        this.random = random;
        this.age = nextAge();
    }

    boolean due(long now) {
        return step instanceof Idle
                && (sealer.bytes() >= policy.bytes() || sealer.n() >= policy.records() || now - sealer.since() >= age);
    }

    Record start(long now) {
        XWing.KeyPair ephemeral = XWing.generate(random);
        step = new Started(ephemeral, false);
        deadline = now + policy.timeout();
        return new Record.Ratchet(epoch + 1, ephemeral.publicKey());
    }

    Optional<Record> received(Record record, long now) throws MalformedException {
        return switch (record) {
            case Record.Ratchet ratchet -> ratchet(ratchet, now);
            case Record.RatchetReply reply -> Optional.of(reply(reply));
            case Record.RatchetDone done -> {
                done(done);
                yield Optional.empty();
            }
            default -> throw new IllegalArgumentException("not a record of the ratchet");
        };
    }

    /** Moves the send direction after the record that is the last under its old key. */
    void sealed(Record record, long now) {
        switch (step) {
            case Answering answering
            when record instanceof Record.RatchetReply -> {
                sealer.move(aead(answering.next(), role), now);
                step = new Answered(answering.next());
            }
            case Finishing finishing
            when record instanceof Record.RatchetDone -> {
                sealer.move(aead(finishing.next(), role), now);
                complete(finishing.next());
            }
            default -> {
                // Any other record leaves the keys as they are.
            }
        }
    }

    long deadline() {
        return deadline;
    }

    int epoch() {
        return epoch;
    }

    @Override
    public void close() {
        keys.close();
        switch (step) {
            case Idle ignored -> {}
            case Started started -> started.ephemeral().close();
            case Finishing finishing -> finishing.next().close();
            case Answering answering -> answering.next().close();
            case Answered answered -> answered.next().close();
        }
        step = new Idle();
    }

    private Optional<Record> ratchet(Record.Ratchet ratchet, long now) throws MalformedException {
        requireEpoch(ratchet.epoch());
        switch (step) {
            case Idle ignored -> {}
            case Started started
            when role == Role.RESPONDER ->
                // Both started at once: the initiator wins, our own is dropped.
                started.ephemeral().close();
            case Started started
            when !started.ignored() -> {
                step = new Started(started.ephemeral(), true);
                return Optional.empty();
            }
            default -> throw new MalformedException("RATCHET while one is under way");
        }
        try {
            XWing.Encapsulation encapsulation = XWing.encapsulate(ratchet.key(), random);
            try (Secret shared = encapsulation.sharedSecret()) {
                step = new Answering(keys.next(shared));
            }
            deadline = now + policy.timeout();
            return Optional.of(new Record.RatchetReply(epoch + 1, encapsulation.ciphertext()));
        } catch (CryptoException e) {
            step = new Idle();
            throw new MalformedException("RATCHET has a bad key");
        }
    }

    private Record reply(Record.RatchetReply reply) throws MalformedException {
        requireEpoch(reply.epoch());
        if (!(step instanceof Started started)) {
            throw new MalformedException("RATCHET_REPLY that was not due");
        }
        try (XWing.KeyPair ephemeral = started.ephemeral();
                Secret shared = XWing.decapsulate(ephemeral.seed(), reply.ciphertext())) {
            SessionKeys next = keys.next(shared);
            opener.move(aead(next, role.other()));
            step = new Finishing(next);
            return new Record.RatchetDone(epoch + 1);
        } catch (CryptoException e) {
            step = new Idle();
            throw new MalformedException("RATCHET_REPLY has a bad ciphertext");
        }
    }

    private void done(Record.RatchetDone done) throws MalformedException {
        requireEpoch(done.epoch());
        if (!(step instanceof Answered answered)) {
            throw new MalformedException("RATCHET_DONE that was not due");
        }
        opener.move(aead(answered.next(), role.other()));
        complete(answered.next());
    }

    private void complete(SessionKeys next) {
        keys.close();
        keys = next;
        epoch++;
        step = new Idle();
        deadline = Long.MAX_VALUE;
        age = nextAge();
    }

    private void requireEpoch(int received) throws MalformedException {
        if (received != epoch + 1) {
            throw new MalformedException("ratchet of another epoch");
        }
    }

    private Aead aead(SessionKeys next, Role sender) {
        return Aead.of(next.suite(), next.trafficKey(sender), crypto, random);
    }

    /** The responder waits a little longer, so that both sides seldom start at once. */
    private long nextAge() {
        return role == Role.INITIATOR || policy.jitter() == 0
                ? policy.age()
                : policy.age() + random.nextLong(policy.jitter());
    }
}
