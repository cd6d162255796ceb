package dev.parley.admin;

/**
 * Nothing is held against the address any more.
 *
 * @param address the IPv4 address, or the /64
 * @param cost units that were held against it
 * @param wasHeldBack whether its connections were refused
 */
public record ForgiveReply(String address, long cost, boolean wasHeldBack) {}
