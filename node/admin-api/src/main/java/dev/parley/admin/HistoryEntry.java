package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * One message of the history with a peer, in either direction.
 *
 * @param cursor its place: a later message has a larger one
 * @param direction IN or OUT
 * @param id the message's id; of a message that came in, unique only together with the peer
 * @param peerId with whom
 * @param alias our name for the peer; absent when it has none
 * @param at when the node received it, or took it to be sent
 * @param sentAt when the sender says that it sent it: a claim; absent of outgoing ones
 * @param scope to whom it was sent
 * @param group name of the group; absent unless the scope is GROUP
 * @param mediaType what the body is
 * @param size length of the body in bytes
 * @param text the body, when the media type is {@code text/*} or JSON and the body is UTF-8; else absent
 * @param bodyBase64 the body in base64 when there is no text
 * @param unread true of an incoming message that was not read yet; absent of outgoing ones
 * @param state where an outgoing message stands at this peer; absent of incoming ones
 * @param reason why an outgoing message was refused, expired or cancelled; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntry(
        long cursor,
        Direction direction,
        UUID id,
        String peerId,
        String alias,
        Instant at,
        Instant sentAt,
        MessageScope scope,
        String group,
        String mediaType,
        long size,
        String text,
        String bodyBase64,
        Boolean unread,
        DeliveryState state,
        String reason) {
    /** Which way a message went. */
    public enum Direction {
        IN,
        OUT
    }
}
