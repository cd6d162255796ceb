package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.UUID;

/**
 * One line of {@code GET /v1/events}. The JSON field {@code type} names the kind. A stream begins with a heartbeat,
 * sent once the subscription is in place; later kinds may be added, a client skips those that it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = NodeEvent.SessionUp.class, name = "session-up"),
    @Type(value = NodeEvent.SessionClosed.class, name = "session-closed"),
    @Type(value = NodeEvent.ConnectionFailed.class, name = "connection-failed"),
    @Type(value = NodeEvent.PeerPending.class, name = "peer-pending"),
    @Type(value = NodeEvent.PeerApproved.class, name = "peer-approved"),
    @Type(value = NodeEvent.PeerVerified.class, name = "peer-verified"),
    @Type(value = NodeEvent.PeerBlocked.class, name = "peer-blocked"),
    @Type(value = NodeEvent.PeerRenamed.class, name = "peer-renamed"),
    @Type(value = NodeEvent.PeerForgotten.class, name = "peer-forgotten"),
    @Type(value = NodeEvent.PeerKeyChanged.class, name = "peer-key-changed"),
    @Type(value = NodeEvent.PeerKeyRotated.class, name = "peer-key-rotated"),
    @Type(value = NodeEvent.PeerKeyAccepted.class, name = "peer-key-accepted"),
    @Type(value = NodeEvent.PeerRotationConflict.class, name = "peer-rotation-conflict"),
    @Type(value = NodeEvent.DuplicateIdentity.class, name = "duplicate-identity"),
    @Type(value = NodeEvent.MessageReceived.class, name = "message-received"),
    @Type(value = NodeEvent.MessageChanged.class, name = "message-changed"),
    @Type(value = NodeEvent.FileOffered.class, name = "file-offered"),
    @Type(value = NodeEvent.FileProgress.class, name = "file-progress"),
    @Type(value = NodeEvent.FileChanged.class, name = "file-changed"),
    @Type(value = NodeEvent.StoreWarning.class, name = "store-warning"),
    @Type(value = NodeEvent.WitnessConflict.class, name = "witness-conflict"),
    @Type(value = NodeEvent.Tampering.class, name = "tampering"),
    @Type(value = NodeEvent.NodeStopping.class, name = "node-stopping"),
    @Type(value = NodeEvent.Notice.class, name = "notice"),
    @Type(value = NodeEvent.Heartbeat.class, name = "heartbeat")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface NodeEvent {
    /** When it happened. */
    Instant at();

    /** A session is up. */
    record SessionUp(Instant at, SessionInfo session) implements NodeEvent {}

    /**
     * A session has ended.
     *
     * @param code the protocol's code, 0 to 12; absent when TCP ended without a CLOSE
     * @param reason in words
     * @param byPeer whether the peer ended it
     */
    record SessionClosed(
            Instant at, UUID sessionId, String peerId, String alias, Integer code, String reason, boolean byPeer)
            implements NodeEvent {}

    /**
     * A dial that the node made by itself, to keep a connection, has failed.
     *
     * @param code the code of an {@link ErrorCode}
     */
    record ConnectionFailed(Instant at, ConnectionInfo connection, String code, String detail) implements NodeEvent {}

    /** A peer that is not known has proved its key and waits for the operator's decision. */
    record PeerPending(Instant at, PeerInfo peer, String remoteAddress) implements NodeEvent {}

    /** A peer is now trusted. */
    record PeerApproved(Instant at, PeerInfo peer) implements NodeEvent {}

    /** A peer's id was compared over another channel. */
    record PeerVerified(Instant at, PeerInfo peer) implements NodeEvent {}

    /** A peer is now blocked. */
    record PeerBlocked(Instant at, PeerInfo peer) implements NodeEvent {}

    /** A peer has another alias. */
    record PeerRenamed(Instant at, PeerInfo peer) implements NodeEvent {}

    /** A peer is no longer known. */
    record PeerForgotten(Instant at, String peerId, String alias) implements NodeEvent {}

    /**
     * The address of a known peer answered with another key, and was refused: possibly an attack.
     *
     * @param alias our name for the peer that was expected
     * @param address {@code host:port} that was dialed
     * @param expectedPeerId who is known there
     * @param actualPeerId who answered
     */
    record PeerKeyChanged(Instant at, String alias, String address, String expectedPeerId, String actualPeerId)
            implements NodeEvent {}

    /** A peer's key has named the next one, which took its place. @param peer as it is now */
    record PeerKeyRotated(Instant at, PeerInfo peer, String previousPeerId) implements NodeEvent {}

    /** The operator has given a peer's place to another key. @param peer as it is now */
    record PeerKeyAccepted(Instant at, PeerInfo peer, String previousPeerId) implements NodeEvent {}

    /**
     * A peer's key has named two successors, so that somebody else has it: the peer is let in no more until the operator
     * decides.
     *
     * @param otherPeerId the second one
     * @param remoteAddress where it came from
     */
    record PeerRotationConflict(Instant at, PeerInfo peer, String otherPeerId, String remoteAddress)
            implements NodeEvent {}

    /**
     * Two live nodes have the same identity.
     *
     * @param remoteAddress where one of them is
     * @param otherRemoteAddress where the other is
     */
    record DuplicateIdentity(Instant at, String peerId, String alias, String remoteAddress, String otherRemoteAddress)
            implements NodeEvent {}

    /**
     * A message has arrived.
     *
     * @param id unique only together with the peer
     * @param cursor its place in the history
     * @param group name of the group; absent unless the scope is GROUP
     * @param size length of the body in bytes
     * @param sentAt when the sender says that it sent it: a claim
     * @param text the body, when the media type is {@code text/*} and the body is UTF-8; else absent
     * @param bodyBase64 the body in base64 when there is no text
     */
    record MessageReceived(
            Instant at,
            UUID id,
            long cursor,
            String peerId,
            String alias,
            UUID sessionId,
            MessageScope scope,
            String group,
            String mediaType,
            long size,
            Instant sentAt,
            String text,
            String bodyBase64)
            implements NodeEvent {}

    /** An outgoing message has another state at one of its peers. */
    record MessageChanged(Instant at, UUID id, Delivery delivery) implements NodeEvent {}

    /** A peer offers a file; whether the operator is asked is in the transfer's state. */
    record FileOffered(Instant at, TransferInfo transfer) implements NodeEvent {}

    /** More of a file has come or gone; at most a few times a second for each transfer. */
    record FileProgress(Instant at, TransferInfo transfer) implements NodeEvent {}

    /** A transfer has another state. */
    record FileChanged(Instant at, TransferInfo transfer) implements NodeEvent {}

    /** Something about the store that the operator should know; also in {@link NodeStatus#warnings}. */
    record StoreWarning(Instant at, String warning) implements NodeEvent {}

    /** The log of a peer contradicts what the peer has signed of it before: it was cut, put back or written anew. */
    record WitnessConflict(Instant at, String peerId, String alias, String detail) implements NodeEvent {}

    /** A record did not open: someone on the path has changed it. The session has ended. */
    record Tampering(Instant at, UUID sessionId, String peerId, String alias, String remoteAddress, String detail)
            implements NodeEvent {}

    /** The node is shutting down; the stream ends. */
    record NodeStopping(Instant at) implements NodeEvent {}

    /**
     * The last line of a stream whose reader was too slow: it is cut off, and has missed what came since.
     *
     * @param code {@code slow-reader}, {@code audit-not-writable}, {@code audit-writable}
     * @param detail what happened and what to do, one line
     */
    record Notice(Instant at, String code, String detail) implements NodeEvent {}

    /** The node is alive; sent first and then every {@link AdminApi#HEARTBEAT_SECONDS} seconds. */
    record Heartbeat(Instant at) implements NodeEvent {}
}
