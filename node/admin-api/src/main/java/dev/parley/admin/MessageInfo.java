package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One outgoing message.
 *
 * @param id UUIDv7, the same for all peers of a broadcast
 * @param scope to whom
 * @param group name of the group; absent unless the scope is GROUP
 * @param mediaType what the body is
 * @param size length of the body in bytes
 * @param createdAt when the node took it
 * @param expiresAt when what is not delivered is given up
 * @param deliveries one for each peer
 * @param summary how many deliveries are in which state; a state without any is left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MessageInfo(
        UUID id,
        MessageScope scope,
        String group,
        String mediaType,
        long size,
        Instant createdAt,
        Instant expiresAt,
        List<Delivery> deliveries,
        Map<DeliveryState, Integer> summary) {}
