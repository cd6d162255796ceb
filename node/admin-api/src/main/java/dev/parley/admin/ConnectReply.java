package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;

/**
 * What came of a {@link ConnectRequest}.
 *
 * @param address {@code host:port} as dialed
 * @param state {@code CONNECTED}, or {@code AWAITING_APPROVAL} when the peer's operator has to approve this node
 *     (only with {@code keep}; without it that is the error {@code awaiting-approval})
 * @param sessionId the session; absent when none is up
 * @param peerId who answered, authenticated; absent when it could not be
 * @param claimedName the display name that the peer gives itself: a claim
 * @param alias our name for the peer; absent when it has none
 * @param peerState what this node holds of the peer
 * @param firstContact whether our operator has to approve the peer before anything but PING is sent on the session
 * @param suite name of the cipher suite; absent when no session is up
 * @param keep whether the node reconnects for ever
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectReply(
        String address,
        ConnectionState state,
        UUID sessionId,
        String peerId,
        String claimedName,
        String alias,
        PeerState peerState,
        boolean firstContact,
        String suite,
        boolean keep) {}
