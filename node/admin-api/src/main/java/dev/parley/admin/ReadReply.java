package dev.parley.admin;

/**
 * @param marked how many messages were unread until now
 * @param unread how many still are, of all peers
 */
public record ReadReply(long marked, long unread) {}
