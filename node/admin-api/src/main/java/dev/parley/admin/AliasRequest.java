package dev.parley.admin;

/**
 * {@code PUT /v1/peers/{ref}/alias}.
 *
 * @param alias our new name for the peer, unlike that of any other
 */
public record AliasRequest(String alias) {}
