package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * One known peer.
 *
 * @param peerId 52 characters of base32
 * @param alias our name for it; absent when it has none
 * @param claimedName the display name that it gives itself: a claim; absent before the first meeting
 * @param state what the operator has decided
 * @param addresses {@code host:port} where it was met or is said to be, most recent first
 * @param firstSeen when it was first met or introduced
 * @param lastSeen when it was last met; absent before the first meeting
 * @param connected whether a session with it is up
 * @param unread messages that came from it and were not read yet
 * @param waiting messages that wait to be delivered to it
 * @param safetyText the PeerId in thirteen groups of four, for reading aloud
 * @param previousPeerId the key that named this one as its successor; absent where none did
 * @param otherKey a key that claimed this peer's place and was refused; absent where none did
 * @param warning what the operator should know about the peer, one sentence; absent where there is nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PeerInfo(
        String peerId,
        String alias,
        String claimedName,
        PeerState state,
        List<String> addresses,
        Instant firstSeen,
        Instant lastSeen,
        boolean connected,
        long unread,
        long waiting,
        String safetyText,
        String previousPeerId,
        OtherKeyInfo otherKey,
        String warning) {}
