package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * One address or peer that the node keeps connected.
 *
 * @param address {@code host:port} that the operator gave
 * @param peerId who is expected or was met there; absent before the first meeting
 * @param alias our name for the peer; absent when it has none
 * @param state where it stands
 * @param attempts dials since the last session, from 0
 * @param nextAttempt when the node dials again; absent while it is connected or dialing
 * @param lastFailure why the last dial failed; absent when none did since the last session
 * @param sessionId the session; absent when none is up
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionInfo(
        String address,
        String peerId,
        String alias,
        ConnectionState state,
        int attempts,
        Instant nextAttempt,
        Failure lastFailure,
        UUID sessionId) {
    /**
     * @param at when
     * @param code the code of an {@link ErrorCode}
     * @param detail what happened, one line
     */
    public record Failure(Instant at, String code, String detail) {}
}
