package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code GET /v1/stats}: the node in figures at one moment. Rates are differences between two of them.
 *
 * @param at when
 * @param peerId this node's PeerId
 * @param name the display name that peers see
 * @param startedAt counters that differ from one moment to the next begin here
 * @param ready whether the node listens and takes work
 * @param auditWritable whether net.log can be written
 * @param auditLines lines of net.log so far, rotated ones among them
 * @param cpuMillis time of processors that the process has used; absent where the system does not say
 * @param heapBytes memory of the heap that is in use
 * @param total of all sessions since the start, those that have ended too
 * @param outbox messages that wait to be delivered
 * @param unread messages that came and were not read yet
 * @param pending peers that wait for approval
 * @param heldBack addresses of strangers that are held back
 * @param heldBackAddresses the most costly of them, at most {@value #MAX_HELD_BACK}; absent from a node that is older than this field
 * @param handshakes inbound ones that are under way
 * @param refused inbound connections that a limit has ended since the start, by reason as in {@link LimitsInfo}
 * @param freeBytes room left on the disk of the store
 * @param sessions all live sessions, oldest first
 * @param transfers of files, those that have not ended, the newest first; at most {@value #MAX_TRANSFERS}
 * @param transfersTotal how many of these there are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeStats(
        Instant at,
        String peerId,
        String name,
        Instant startedAt,
        boolean ready,
        boolean auditWritable,
        long auditLines,
        Long cpuMillis,
        long heapBytes,
        Traffic total,
        Outbox outbox,
        long unread,
        long pending,
        long heldBack,
        List<LimitsInfo.HeldBack> heldBackAddresses,
        long handshakes,
        Map<String, Long> refused,
        long freeBytes,
        List<SessionInfo> sessions,
        List<Transfer> transfers,
        int transfersTotal) {

    public static final int MAX_TRANSFERS = 50;
    public static final int MAX_HELD_BACK = 50;

    /**
     * Only grows while the node runs.
     *
     * @param messagesSent messages written
     * @param messagesReceived messages opened
     * @param bytesSent bytes written to TCP after handshakes
     * @param bytesReceived bytes read from TCP after handshakes
     */
    public record Traffic(long messagesSent, long messagesReceived, long bytesSent, long bytesReceived) {}

    /**
     * @param messages that wait, a broadcast counted once for each peer
     * @param bytes of their bodies
     * @param oldest when the one was taken that waits longest, as of some seconds ago; absent when none waits
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Outbox(long messages, long bytes, Instant oldest) {}

    /** A transfer without what is in it, its name included. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Transfer(
            UUID id, boolean outgoing, String peerId, String alias, TransferState state, long size, long transferred) {}
}
