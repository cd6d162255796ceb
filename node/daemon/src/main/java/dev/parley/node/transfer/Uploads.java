package dev.parley.node.transfer;

import dev.parley.node.audit.TransferEvent;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.node.transfer.TransferException.Reason;
import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Files that the operator is handing over, on the thread of whoever hands over. Until all of one is here and durable it is
 * nowhere but in the spool: who goes away before has sent nothing. Thread-safe.
 */
final class Uploads {
    /** Each holds a thread. */
    static final int AT_ONCE = 16;
    /** Written at once to the disk, so that the last wait is short and others' writes are not held up long. */
    private static final long FORCED_EVERY = 16L << 20;

    private final Shared shared;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Map<UUID, Spooling> running = new ConcurrentHashMap<>();

    /** One that is under way. */
    private static final class Spooling {
        private final Transfer start;
        private volatile long bytes;
        private volatile boolean cancelled;

        Spooling(Transfer start) {
            this.start = start;
        }

        Transfer now() {
            return new Transfer(
                    start.id(),
                    start.peer(),
                    true,
                    start.name(),
                    start.mediaType(),
                    bytes,
                    new byte[0],
                    cancelled ? TransferState.CANCELLED : TransferState.SPOOLING,
                    0,
                    OptionalLong.empty(),
                    start.createdAt(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    Uploads(Shared shared) {
        this.shared = shared;
    }

    /**
     * Takes a file. Blocks as long as it comes.
     *
     * @param declared its length, where it is known before
     * @return once it is durable
     * @throws IOException if it does not come to its end
     */
    Outgoing take(PeerId peer, String name, String mediaType, OptionalLong declared, InputStream content)
            throws IOException {
        if (!room.tryAcquire()) {
            throw new TransferException(Reason.BUSY, AT_ONCE + " files are being handed over at this moment, no more");
        }
        Instant now = Instant.now();
        Spooling spooling = new Spooling(new Transfer(
                TransferIds.next(now.toEpochMilli(), random),
                peer,
                true,
                FileNames.clean(name),
                mediaType,
                0,
                new byte[0],
                TransferState.SPOOLING,
                0,
                OptionalLong.empty(),
                now,
                Optional.empty(),
                Optional.empty()));
        running.put(spooling.start.id(), spooling);
        boolean done = false;
        try {
            check(declared.orElse(0), declared.orElse(0));
            shared.tellChanged(spooling.now());
            Outgoing taken = spool(spooling, content);
            done = true;
            return taken;
        } finally {
            running.remove(spooling.start.id());
            room.release();
            if (!done) {
                shared.spool().remove(spooling.start.key());
            }
        }
    }

    List<Transfer> all() {
        return running.values().stream().map(Spooling::now).toList();
    }

    Optional<Transfer> find(UUID id) {
        return Optional.ofNullable(running.get(id)).map(Spooling::now);
    }

    /** Breaks off the one with this id. */
    Optional<Transfer> cancel(UUID id) {
        Spooling spooling = running.get(id);
        if (spooling != null) {
            spooling.cancelled = true;
        }
        return Optional.ofNullable(spooling).map(Spooling::now);
    }

    void cancelAll(PeerId peer) {
        running.values().stream().filter(each -> each.start.peer().equals(peer)).forEach(each -> each.cancelled = true);
    }

    private Outgoing spool(Spooling spooling, InputStream content) throws IOException {
        ContentHash hash = new ContentHash();
        long size;
        try (SpoolWriter writer = create(spooling.start.key())) {
            byte[] chunk = new byte[Spool.CHUNK];
            int length = content.readNBytes(chunk, 0, Spool.CHUNK);
            while (length > 0) {
                if (spooling.cancelled) {
                    throw new TransferException(Reason.STATE, "it was cancelled while it was handed over");
                }
                append(writer, chunk, length);
                hash.update(chunk, length);
                spooling.bytes = writer.position();
                // A read is short at the end alone.
                length = length < Spool.CHUNK ? 0 : content.readNBytes(chunk, 0, Spool.CHUNK);
            }
            force(writer);
            size = writer.position();
        }
        return queue(spooling.start, size, hash.digest());
    }

    private Outgoing queue(Transfer start, long size, byte[] sha256) {
        Transfer whole = new Transfer(
                start.id(),
                start.peer(),
                true,
                start.name(),
                start.mediaType(),
                size,
                sha256,
                TransferState.WAITING,
                0,
                OptionalLong.empty(),
                start.createdAt(),
                Optional.empty(),
                Optional.empty());
        try {
            Store.await(shared.table().insert(whole, size));
        } catch (StoreException full) {
            throw new TransferException(Reason.FULL, "the store cannot be written: is the disk full?", full);
        }
        Outgoing outgoing = new Outgoing(shared, whole);
        shared.live().add(outgoing);
        shared.audit()
                .record(new TransferEvent.FileQueued(
                        whole.id(),
                        whole.peer().toString(),
                        size,
                        HexFormat.of().formatHex(sha256)));
        shared.tellChanged(outgoing.now());
        shared.live().enqueue(outgoing);
        return outgoing;
    }

    private SpoolWriter create(TransferKey key) {
        try {
            return shared.spool().create(key);
        } catch (IOException full) {
            throw unwritable(full);
        }
    }

    private void append(SpoolWriter writer, byte[] chunk, int length) {
        try {
            writer.append(chunk, length);
            if (writer.position() - writer.forced() >= FORCED_EVERY) {
                writer.force();
            }
        } catch (IOException full) {
            throw unwritable(full);
        }
        check(writer.position(), 0);
    }

    private static void force(SpoolWriter writer) {
        try {
            writer.force();
        } catch (IOException full) {
            throw unwritable(full);
        }
    }

    /** @param size of the file as far as it is known @param more bytes that are still to come */
    private void check(long size, long more) {
        if (shared.policy().isTooLarge(size)) {
            throw new TransferException(
                    Reason.TOO_LARGE,
                    "a file may have " + shared.policy().maxSize() + " bytes (parley.files.max-size)");
        }
        long length = Spool.length(more);
        if (!shared.policy().isWithinSpool(length)) {
            throw new TransferException(Reason.QUOTA, "the spool holds as much as parley.files.spool-bytes allows");
        }
        if (!shared.policy().fitsOnDisk(length)) {
            throw new TransferException(
                    Reason.FULL, "the disk has no room for it beside its reserve (parley.store.reserve)");
        }
    }

    private static TransferException unwritable(IOException cause) {
        return new TransferException(Reason.FULL, "the spool cannot be written: is the disk full?", cause);
    }
}
