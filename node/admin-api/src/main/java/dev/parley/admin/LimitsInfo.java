package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /v1/limits}.
 *
 * @param limits those that strangers can reach, and how much of each is in use
 * @param refused inbound connections that a limit has ended since the node's start, by reason: {@code held-back}, {@code half-open},
 *     {@code unwraps}, {@code waiting}, {@code sessions}
 * @param threshold cost at which an address is held back; 1 is about a millisecond of computing
 * @param halfLifeMillis in which cost halves
 * @param heldBackTotal addresses that are held back
 * @param heldBack the most costly of them, at most {@value #MAX_HELD_BACK}
 */
public record LimitsInfo(
        List<Limit> limits,
        Map<String, Long> refused,
        long threshold,
        long halfLifeMillis,
        int heldBackTotal,
        List<HeldBack> heldBack) {

    public static final int MAX_HELD_BACK = 1000;

    /**
     * @param name {@code handshakes} (under way), {@code unwraps-waiting}, {@code sessions}, {@code pending-peers}
     * @param used now
     * @param max in all
     * @param perAddress the most of one address; absent where there is no such bound
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limit(String name, long used, long max, Long perAddress) {}

    /**
     * @param address an IPv4 address, or the /64 of an IPv6 address
     * @param cost units held against it now
     * @param refused its connections that were refused since
     * @param since when it was held back
     * @param freeAt when it is free again, if nothing more comes from it
     * @param trusted whether its connections are taken all the same: trusted peers come from there
     */
    public record HeldBack(String address, long cost, long refused, Instant since, Instant freeAt, boolean trusted) {}
}
