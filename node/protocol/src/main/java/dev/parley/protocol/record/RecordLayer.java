package dev.parley.protocol.record;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.handshake.SessionKeys;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Both directions of a session and the ratchet that moves them. Confined to one thread; {@code now} is milliseconds of a
 * monotonic clock.
 */
public final class RecordLayer implements AutoCloseable {
    private final RatchetPolicy policy;
    private final Sealer sealer;
    private final Opener opener;
    private final Ratchet ratchet;

    /** Takes the keys of epoch 0 over. */
    public RecordLayer(
            Role role, SessionKeys keys, RatchetPolicy policy, Crypto crypto, SecureRandom random, long now) {
        this.policy = policy;
        this.sealer = new Sealer(Aead.of(keys.suite(), keys.trafficKey(role), crypto, random), now);
        this.opener = new Opener(Aead.of(keys.suite(), keys.trafficKey(role.other()), crypto, random));
        this.ratchet = new Ratchet(role, keys, sealer, opener, policy, crypto, random);
    }

    /** Returns the length in bytes of the frame that a record becomes. */
    public int frameLength(Record record) {
        return sealer.frameLength(record.length());
    }

    /** Says whether the key allows another record after this one (section 6: else CLOSE 9). */
    public boolean mayStillSeal(Record record) {
        // One record, CLOSE, always finds room.
        return sealer.n() + 1 < policy.maxRecords()
                && sealer.bytes() + 2L * (frameLength(record) + Limits.RECORD_OVERHEAD + Limits.REASON)
                        < policy.maxBytes();
    }

    /**
     * Seals a record into {@code out} at {@code offset}, and moves the send direction where this record says so.
     *
     * @return the length of the frame in bytes
     */
    public int seal(Record record, byte[] out, int offset, long now) {
        int length = frameLength(record);
        sealer.seal(record, out, offset);
        ratchet.sealed(record, now);
        return length;
    }

    /** Opens a whole frame. After a failure nothing more may be opened. */
    public byte[] open(byte[] frame) throws CryptoException {
        return opener.open(frame);
    }

    /** Says whether the send direction is due for a new key and no ratchet is under way. */
    public boolean ratchetDue(long now) {
        return ratchet.due(now);
    }

    /** Returns the length in bytes of the frame of a RATCHET. */
    public int ratchetLength() {
        return sealer.frameLength(1 + Integer.BYTES + Record.Ratchet.KEY);
    }

    /** Begins a ratchet that is due: the RATCHET returned is to be sealed at once. */
    public Record startRatchet(long now) {
        return ratchet.start(now);
    }

    /**
     * Takes a received RATCHET, RATCHET_REPLY or RATCHET_DONE, and moves the receive direction where it says so.
     *
     * @return what to send in answer
     * @throws MalformedException where it was not due, or its key or ciphertext fails: CLOSE 2
     */
    public Optional<Record> ratchetReceived(Record record, long now) throws MalformedException {
        return ratchet.received(record, now);
    }

    /** Returns when a ratchet under way has taken too long (CLOSE 9); Long.MAX_VALUE where none is. */
    public long ratchetDeadline() {
        return ratchet.deadline();
    }

    /** Returns the last epoch whose keys both directions have. */
    public int epoch() {
        return ratchet.epoch();
    }

    /** Returns the epoch of the next record sealed. */
    public int sendEpoch() {
        return sealer.epoch();
    }

    /** Returns the n of the next record sealed. */
    public long sendN() {
        return sealer.n();
    }

    /** Returns the epoch of the next record opened. */
    public int receiveEpoch() {
        return opener.epoch();
    }

    /** Returns the n of the next record opened. */
    public long receiveN() {
        return opener.n();
    }

    @Override
    public void close() {
        sealer.close();
        opener.close();
        ratchet.close();
    }
}
