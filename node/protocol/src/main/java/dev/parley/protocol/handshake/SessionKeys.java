package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The secrets of one epoch: one per direction, and the one that the next epoch is derived from. The handshake makes
 * epoch 0, the ratchet each later one.
 */
public final class SessionKeys implements AutoCloseable {
    static final int SESSION_ID = 16;
    private static final long VERSION_MASK = 0xf000L;
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;
    private static final long VARIANT_RFC9562 = 0x8000_0000_0000_0000L;

    private final Suite suite;
    private final Secret i2r;
    private final Secret r2i;
    private final Secret ratchet;
    private final UUID sessionId;

    SessionKeys(Suite suite, Secret i2r, Secret r2i, Secret ratchet, Secret sessionId) {
        this(suite, i2r, r2i, ratchet, uuid(sessionId));
    }

    private SessionKeys(Suite suite, Secret i2r, Secret r2i, Secret ratchet, UUID sessionId) {
        this.suite = suite;
        this.i2r = i2r;
        this.r2i = r2i;
        this.ratchet = ratchet;
        this.sessionId = sessionId;
    }

    /** Derives the next epoch from a fresh shared secret (section 6); neither is wiped. */
    public SessionKeys next(Secret sharedSecret) {
        try (Secret prk = Hash.extract(ratchet, sharedSecret)) {
            return new SessionKeys(
                    suite,
                    Hash.expand(prk, ascii("psp1 i2r"), Hash.LENGTH),
                    Hash.expand(prk, ascii("psp1 r2i"), Hash.LENGTH),
                    Hash.expand(prk, ascii("psp1 ratchet"), Hash.LENGTH),
                    sessionId);
        }
    }

    /** Returns the key under which {@code sender} seals its records. The caller wipes it. */
    public Secret trafficKey(Role sender) {
        byte[] label = ascii("psp1 key");
        byte[] info = ByteBuffer.allocate(label.length + 1)
                .put(label)
                .put((byte) suite.id())
                .array();
        return Hash.expand(sender == Role.INITIATOR ? i2r : r2i, info, suite.keyLength());
    }

    /** Returns the suite. */
    public Suite suite() {
        return suite;
    }

    /** Returns the session's id, the same at both sides and in all epochs; a UUIDv8. */
    public UUID sessionId() {
        return sessionId;
    }

    /** Wipes the secrets; a second time does nothing. */
    @Override
    public void close() {
        i2r.close();
        r2i.close();
        ratchet.close();
    }

    @Override
    public String toString() {
        return "SessionKeys[*]";
    }

    private static UUID uuid(Secret sessionId) {
        ByteBuffer bytes = ByteBuffer.wrap(sessionId.reveal());
        return new UUID(bytes.getLong() & ~VERSION_MASK | VERSION_8, bytes.getLong() & ~VARIANT_MASK | VARIANT_RFC9562);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
