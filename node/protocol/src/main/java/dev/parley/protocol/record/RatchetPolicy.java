package dev.parley.protocol.record;

/**
 * When a send direction asks for new keys, and when it must have them (section 6).
 *
 * @param bytes of frames sealed under one key
 * @param records sealed under one key
 * @param age of the key at a seal, in milliseconds
 * @param jitter the responder's random addition to {@code age}, in milliseconds, exclusive; 0: none
 * @param timeout from RATCHET to its completion, in milliseconds
 * @param maxBytes no more bytes than this under one key
 * @param maxRecords no more records than this under one key
 */
public record RatchetPolicy(
        long bytes, long records, long age, long jitter, long timeout, long maxBytes, long maxRecords) {
    /** The protocol's own. */
    public static final RatchetPolicy DEFAULTS =
            new RatchetPolicy(1L << 30, 1L << 24, 120_000, 30_000, 30_000, 1L << 32, 1L << 26);

    public RatchetPolicy {
        if (bytes <= 0 || records <= 0 || age <= 0 || jitter < 0 || timeout <= 0) {
            throw new IllegalArgumentException("limits of the ratchet are greater than 0");
        }
        if (maxBytes < bytes || maxBytes > 1L << 32 || maxRecords < records || maxRecords > 1L << 26) {
            throw new IllegalArgumentException("hard limits of a key lie between its soft ones and the protocol's");
        }
    }
}
