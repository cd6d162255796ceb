package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The peer with its new key.
 *
 * @param peer as it is now: trusted, not verified
 * @param previousPeerId the key before, which is let in no more
 * @param wasVerified whether the key before was verified
 * @param waiting messages that stay with the key before, and go nowhere unless the operator lets it in again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AcceptKeyReply(PeerInfo peer, String previousPeerId, boolean wasVerified, long waiting) {}
