package dev.parley.admin;

/**
 * {@code POST /v1/store/prune?older=P90D}: deletes what was read or has ended and is older.
 *
 * @param sent outgoing messages deleted
 * @param received incoming messages deleted
 */
public record PruneReply(long sent, long received) {}
