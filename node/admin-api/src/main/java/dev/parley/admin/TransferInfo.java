package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * One file on its way to or from a peer.
 *
 * @param id the same at both sides
 * @param direction OUT: this node sends it
 * @param peerId with whom
 * @param alias our name for the peer; absent when it has none
 * @param name the file's name without any path, made harmless; of an incoming one the sender's suggestion
 * @param mediaType what the sender says that it is
 * @param size in bytes; of one that is being handed over, what has come so far
 * @param sha256 of the whole file, 64 hex digits; absent while it is being handed over
 * @param state where it stands
 * @param transferred bytes that the receiver has
 * @param bytesPerSecond how fast it goes; absent unless RUNNING
 * @param createdAt when it was handed over, or first offered
 * @param finishedAt when it reached its final state; absent before
 * @param reason why it was declined, cancelled or has failed, or what it waits for; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TransferInfo(
        UUID id,
        HistoryEntry.Direction direction,
        String peerId,
        String alias,
        String name,
        String mediaType,
        long size,
        String sha256,
        TransferState state,
        long transferred,
        Long bytesPerSecond,
        Instant createdAt,
        Instant finishedAt,
        String reason) {}
