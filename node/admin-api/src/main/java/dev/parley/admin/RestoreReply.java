package dev.parley.admin;

import java.time.Instant;

/**
 * {@code POST /v1/store/restore}: the backup is good and takes the place of the store when the node starts the next time.
 *
 * @param bytes its size
 * @param backedUpAt when it was made
 * @param received incoming messages in it
 * @param waiting outgoing messages that wait in it
 */
public record RestoreReply(long bytes, Instant backedUpAt, long received, long waiting) {}
