package dev.parley.admin;

/**
 * {@code POST /v1/attacks/allow}.
 *
 * @param seconds for how long, 1 to {@value #MAX_SECONDS}
 */
public record AllowRequest(Long seconds) {
    /** A day. */
    public static final long MAX_SECONDS = 86_400;
}
