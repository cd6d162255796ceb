package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/peers/{ref}/approve}; the body may be left out.
 *
 * @param alias our name for the peer; absent to leave it as it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApproveRequest(String alias) {}
