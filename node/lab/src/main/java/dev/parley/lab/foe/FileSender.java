package dev.parley.lab.foe;

import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/** Sends files in a guest's session, truthfully or not. */
public final class FileSender {
    private FileSender() {}

    /** Offers a file and, once it is wanted, sends it in one chunk. @return how it ended; null if it did not in time */
    public static Record.FileStatus send(Guest guest, String name, byte[] content, Duration atMost) throws IOException {
        UUID id = Texts.id();
        guest.send(new Record.FileOffer(id, content.length, Hash.sha256(content), name, "text/plain"));
        return awaitAccept(guest, id, atMost) ? finish(guest, id, 0, content, atMost) : null;
    }

    /** Waits until the receiver wants it. */
    public static boolean awaitAccept(Guest guest, UUID id, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!guest.hasEnded() && System.nanoTime() < deadline) {
            Record record = guest.receive(Duration.ofNanos(deadline - System.nanoTime()))
                    .orElse(null);
            if (record instanceof Record.FileAccept accept && accept.id().equals(id)) {
                return true;
            }
            if (record instanceof Record.FileEnd end && end.id().equals(id)) {
                return false;
            }
        }
        return false;
    }

    /** Sends a chunk and waits for the end. @return how it ended; null if it did not in time */
    public static Record.FileStatus finish(Guest guest, UUID id, long offset, byte[] data, Duration atMost)
            throws IOException {
        guest.send(new Record.FileChunk(id, offset, data));
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!guest.hasEnded() && System.nanoTime() < deadline) {
            Record record = guest.receive(Duration.ofNanos(deadline - System.nanoTime()))
                    .orElse(null);
            if (record instanceof Record.FileEnd end && end.id().equals(id)) {
                return end.status();
            }
        }
        return null;
    }
}
