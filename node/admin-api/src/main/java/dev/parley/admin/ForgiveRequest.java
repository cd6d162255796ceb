package dev.parley.admin;

/**
 * {@code POST /v1/limits/forgive}.
 *
 * @param address an IPv4 address, an IPv6 address or the /64 of one
 */
public record ForgiveRequest(String address) {}
