package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/identity/rotate}; the body may be left out.
 *
 * @param grace ISO 8601 duration, an hour to a year: how long after the change peers accept the new key (7 days when absent)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RotateRequest(String grace) {}
