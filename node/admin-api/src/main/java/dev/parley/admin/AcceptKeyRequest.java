package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/peers/{ref}/accept-key}: give a peer's alias and addresses to the key that answered in its place.
 *
 * @param peerId all 52 characters of the id that answered; another is refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AcceptKeyRequest(String peerId) {}
