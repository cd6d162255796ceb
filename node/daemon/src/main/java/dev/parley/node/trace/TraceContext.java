package dev.parley.node.trace;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A place in a trace: whose child comes next.
 *
 * @param trace id of the trace, 16 bytes
 * @param span id of the span, 8 bytes
 * @param flags of W3C Trace Context, 0 to 255; bit 0: sampled
 */
public record TraceContext(UUID trace, long span, int flags) {

    private static final UUID NO_TRACE = new UUID(0, 0);
    private static final int SAMPLED = 1;
    private static final int LENGTH = 16 + 8 + 1;

    /** Whether it names a trace and a span: zeros are none. */
    public boolean isValid() {
        return !trace.equals(NO_TRACE) && span != 0;
    }

    public boolean isSampled() {
        return (flags & SAMPLED) != 0;
    }

    /** {@code trace id (16) | span id (8) | flags u8}. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(trace.getMostSignificantBits())
                .putLong(trace.getLeastSignificantBits())
                .putLong(span)
                .put((byte) flags)
                .array();
    }

    /** @param bytes of {@link #bytes}, or null; what is none gives none, for a message is worth more than its trace */
    public static Optional<TraceContext> of(byte[] bytes) {
        if (bytes == null || bytes.length != LENGTH) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        var found = new TraceContext(new UUID(in.getLong(), in.getLong()), in.getLong(), Byte.toUnsignedInt(in.get()));
        return Optional.of(found).filter(TraceContext::isValid);
    }
}
