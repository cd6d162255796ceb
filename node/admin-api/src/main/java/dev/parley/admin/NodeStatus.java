package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /v1/status}.
 *
 * @param apiVersion the node's {@link AdminApi#VERSION}
 * @param version the node's own version
 * @param pid the process id
 * @param peerId this node's PeerId, 52 characters
 * @param name the display name that peers see
 * @param listen {@code host:port} that peers dial; absent until the node listens
 * @param startedAt when the process was ready to work
 * @param uptimeMillis milliseconds since then
 * @param dataDir absolute path of the data directory
 * @param managementPort port of health and metrics; absent when they are off
 * @param trustMode {@code approve} or {@code first-use}
 * @param suites names of the cipher suites, most wanted first
 * @param cryptoProvider the JCA provider that does RSA
 * @param ready whether the node listens and takes work
 * @param warnings what the operator should know and do something about, one sentence each
 * @param counts how much of what there is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeStatus(
        int apiVersion,
        String version,
        long pid,
        String peerId,
        String name,
        String listen,
        Instant startedAt,
        long uptimeMillis,
        String dataDir,
        Integer managementPort,
        String trustMode,
        List<String> suites,
        String cryptoProvider,
        boolean ready,
        List<String> warnings,
        Counts counts) {
    /**
     * @param sessions live sessions
     * @param connections addresses and peers that the node keeps connected
     * @param peers known peers by state; a state without peers is 0
     * @param messages outgoing messages by state, a broadcast counted once for each peer; a state without messages is 0
     * @param unread messages that came and were not read yet
     * @param transfers transfers of files that have not ended
     */
    public record Counts(
            int sessions,
            int connections,
            Map<PeerState, Integer> peers,
            Map<DeliveryState, Long> messages,
            long unread,
            int transfers) {}
}
