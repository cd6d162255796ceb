package dev.parley.node.transfer;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One file on its way to or from a peer, at one moment; a value.
 *
 * @param outgoing whether this node sends it
 * @param name made harmless by {@link FileNames}
 * @param mediaType what the sender says that it is
 * @param size in bytes; while SPOOLING what has come so far
 * @param sha256 32 bytes, or none while SPOOLING; shared, not to be changed
 * @param transferred bytes that the receiver has
 * @param bytesPerSecond how fast it goes, while RUNNING
 * @param reason why it was declined, cancelled or has failed, or what it waits for
 */
@SuppressWarnings("ArrayRecordComponent")
public record Transfer(
        UUID id,
        PeerId peer,
        boolean outgoing,
        String name,
        String mediaType,
        long size,
        byte[] sha256,
        TransferState state,
        long transferred,
        OptionalLong bytesPerSecond,
        Instant createdAt,
        Optional<Instant> endedAt,
        Optional<String> reason) {

    TransferKey key() {
        return new TransferKey(peer, id, outgoing);
    }

    Transfer in(TransferState other, Optional<Instant> ended, Optional<String> why) {
        return new Transfer(
                id,
                peer,
                outgoing,
                name,
                mediaType,
                size,
                sha256,
                other,
                transferred,
                OptionalLong.empty(),
                createdAt,
                ended,
                why);
    }

    Transfer at(long bytes, OptionalLong rate) {
        return new Transfer(
                id, peer, outgoing, name, mediaType, size, sha256, state, bytes, rate, createdAt, endedAt, reason);
    }
}
