package dev.parley.protocol;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.wire.Limits;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;

/**
 * What a node brings to every connection.
 *
 * @param key our private key
 * @param identity what we claim, of the same key
 * @param suites at least one, most wanted first
 * @param maxPlaintext the longest record plaintext that we accept, 16,384 to 8,388,608 bytes
 * @param timing deadlines
 * @param rekeying when the ratchet turns
 * @param maxQueued bytes that may wait to be written, 16 MiB by default
 * @param crypto who does the RSA and AES work
 * @param random for all secrets, nonces and jitter
 */
public record ChannelSettings(
        IdentityKey key,
        Identity identity,
        List<Suite> suites,
        int maxPlaintext,
        Timing timing,
        RatchetPolicy rekeying,
        long maxQueued,
        Crypto crypto,
        SecureRandom random) {
    private static final long MAX_QUEUED = 16L << 20;

    public ChannelSettings {
        suites = List.copyOf(suites);
        Objects.requireNonNull(timing);
        Objects.requireNonNull(rekeying);
        Objects.requireNonNull(crypto);
        Objects.requireNonNull(random);
        if (suites.isEmpty()
                || suites.size() > Limits.SUITES
                || suites.stream().distinct().count() != suites.size()) {
            throw new IllegalArgumentException("suites: at least one, none twice");
        }
        if (maxPlaintext < Limits.MAX_PLAINTEXT_FLOOR || maxPlaintext > Limits.MAX_PLAINTEXT_CEILING) {
            throw new IllegalArgumentException("max plaintext is " + Limits.MAX_PLAINTEXT_FLOOR + " to "
                    + Limits.MAX_PLAINTEXT_CEILING + " bytes");
        }
        if (!identity.peerId().equals(key.peerId())) {
            throw new IllegalArgumentException("the identity is of another key");
        }
        if (maxQueued < maxPlaintext) {
            throw new IllegalArgumentException("less may wait to be written than one record holds");
        }
    }

    /** The defaults of the protocol: both suites, A256GCM first, 1 MiB records and the best crypto there is. */
    public static ChannelSettings defaults(IdentityKey key, Identity identity, SecureRandom random) {
        return new ChannelSettings(
                key,
                identity,
                List.of(Suite.A256GCM, Suite.A256CBC_HS512),
                Limits.MAX_PLAINTEXT_USUAL,
                Timing.DEFAULTS,
                RatchetPolicy.DEFAULTS,
                MAX_QUEUED,
                Crypto.best(),
                random);
    }

    /** The same with other claims about the same key: another chain, say. */
    public ChannelSettings withIdentity(Identity other) {
        return new ChannelSettings(key, other, suites, maxPlaintext, timing, rekeying, maxQueued, crypto, random);
    }

    /** The same with other suites, most wanted first. */
    public ChannelSettings withSuites(List<Suite> other) {
        return new ChannelSettings(key, identity, other, maxPlaintext, timing, rekeying, maxQueued, crypto, random);
    }

    /** The same with another longest plaintext in bytes. */
    public ChannelSettings withMaxPlaintext(int other) {
        return new ChannelSettings(key, identity, suites, other, timing, rekeying, maxQueued, crypto, random);
    }

    /** The same with other deadlines. */
    public ChannelSettings withTiming(Timing other) {
        return new ChannelSettings(key, identity, suites, maxPlaintext, other, rekeying, maxQueued, crypto, random);
    }

    /** The same with another ratchet. */
    public ChannelSettings withRekeying(RatchetPolicy other) {
        return new ChannelSettings(key, identity, suites, maxPlaintext, timing, other, maxQueued, crypto, random);
    }

    /** The same with another bound of what may wait, in bytes. */
    public ChannelSettings withMaxQueued(long other) {
        return new ChannelSettings(key, identity, suites, maxPlaintext, timing, rekeying, other, crypto, random);
    }

    /** The same with another crypto. */
    public ChannelSettings withCrypto(Crypto other) {
        return new ChannelSettings(key, identity, suites, maxPlaintext, timing, rekeying, maxQueued, other, random);
    }

    /** The same with another source of randomness. */
    public ChannelSettings withRandom(SecureRandom other) {
        return new ChannelSettings(key, identity, suites, maxPlaintext, timing, rekeying, maxQueued, crypto, other);
    }

    /**
     * Deadlines, all in milliseconds and greater than 0.
     *
     * @param handshake from the connection's begin until READY, or at the initiator CONFIRM, has opened
     * @param frame a frame that has begun must be complete within this, plus {@code framePer32KiB} for each 32 KiB
     * @param pingAfter nothing received for this: PING
     * @param deadAfter nothing received for this: CLOSE 11
     * @param rejectWait how long the sender of REJECT or ALERT reads on
     * @param closeWait how long the sender of CLOSE reads on
     * @param writeStall how long a full queue may stay full with nothing written
     */
    public record Timing(
            long handshake,
            long frame,
            long framePer32KiB,
            long pingAfter,
            long deadAfter,
            long rejectWait,
            long closeWait,
            long writeStall) {
        /** The protocol's own. */
        public static final Timing DEFAULTS = new Timing(10_000, 30_000, 1_000, 30_000, 90_000, 1_000, 2_000, 30_000);

        public Timing {
            if (Math.min(
                            Math.min(Math.min(handshake, frame), Math.min(framePer32KiB, pingAfter)),
                            Math.min(Math.min(deadAfter, rejectWait), Math.min(closeWait, writeStall)))
                    <= 0) {
                throw new IllegalArgumentException("deadlines are greater than 0");
            }
        }

        /** The same with another deadline for the handshake. */
        public Timing withHandshake(long other) {
            return new Timing(other, frame, framePer32KiB, pingAfter, deadAfter, rejectWait, closeWait, writeStall);
        }

        /** The same with other times for PING and for giving the peer up. */
        public Timing withLiveness(long ping, long dead) {
            return new Timing(handshake, frame, framePer32KiB, ping, dead, rejectWait, closeWait, writeStall);
        }
    }
}
