package dev.parley.admin;

import java.time.Instant;

/**
 * The node agrees to be attacked by the lab.
 *
 * @param token to be handed to whoever runs the lab; signed by the node's identity
 * @param until its end
 */
public record AllowReply(String token, Instant until) {}
