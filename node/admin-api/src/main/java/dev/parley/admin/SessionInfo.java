package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * One live session.
 *
 * @param sessionId the id that both sides see
 * @param peerId the authenticated peer
 * @param alias our name for the peer; absent when it has none
 * @param remoteAddress {@code host:port} at the other end of the TCP connection
 * @param initiatedHere whether this node dialed
 * @param suite name of the cipher suite
 * @param state how far the session is
 * @param upSince when the handshake was complete
 * @param lastHeard when the last record of the peer opened
 * @param epoch how often the session keys were ratcheted, from 0
 * @param messagesSent messages written
 * @param messagesReceived messages opened
 * @param bytesSent bytes written to TCP after the handshake
 * @param bytesReceived bytes read from TCP after the handshake
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionInfo(
        UUID sessionId,
        String peerId,
        String alias,
        String remoteAddress,
        boolean initiatedHere,
        String suite,
        SessionState state,
        Instant upSince,
        Instant lastHeard,
        long epoch,
        long messagesSent,
        long messagesReceived,
        long bytesSent,
        long bytesReceived) {}
