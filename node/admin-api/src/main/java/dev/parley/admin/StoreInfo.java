package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * {@code GET /v1/store}.
 *
 * @param file absolute path of the database
 * @param bytes its size on the disk, its write-ahead log included
 * @param reclaimable bytes of it that {@code POST /v1/store/compact} would give back, about
 * @param spoolBytes size of the files that are sent and received
 * @param freeBytes room left on that disk
 * @param writable whether messages are taken now
 * @param waiting messages that wait to be delivered
 * @param sent messages that were sent and have ended
 * @param received messages that came
 * @param unread those of them that were not read yet
 * @param oldest when the oldest of all came or was sent; absent when there is none
 * @param peers the same for each peer that has any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreInfo(
        String file,
        long bytes,
        long reclaimable,
        long spoolBytes,
        long freeBytes,
        boolean writable,
        Amount waiting,
        Amount sent,
        Amount received,
        long unread,
        Instant oldest,
        List<Share> peers) {
    /**
     * @param messages how many
     * @param bytes of their bodies
     */
    public record Amount(long messages, long bytes) {}

    /** What one peer has in the store. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Share(String peerId, String alias, Amount waiting, Amount received, long unread) {}
}
