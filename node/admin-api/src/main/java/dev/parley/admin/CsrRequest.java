package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Asks the node for a certificate request.
 *
 * @param names what the node wants to be called, DNS names and URIs, printable ASCII of at most 253 characters each, at most 16;
 *     absent for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CsrRequest(List<String> names) {}
