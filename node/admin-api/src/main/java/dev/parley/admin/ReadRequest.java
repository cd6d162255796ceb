package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/history/read}: marks messages that came as read.
 *
 * @param peer alias, PeerId or unique prefix; absent: of all peers
 * @param upTo cursor of the newest one that was read; later ones stay as they are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadRequest(String peer, Long upTo) {}
