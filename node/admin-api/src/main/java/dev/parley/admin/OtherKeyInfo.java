package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * A key that claimed a known peer's place, and was refused.
 *
 * @param peerId its id
 * @param address where it answered or came from
 * @param firstSeen when it was first seen there
 * @param lastSeen when it was last seen there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OtherKeyInfo(String peerId, String address, Instant firstSeen, Instant lastSeen) {}
