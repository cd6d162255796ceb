package dev.parley.node.transfer;

import dev.parley.node.session.Session;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.util.Optional;
import java.util.UUID;

/**
 * One incoming transfer in one session: from FILE_OFFER to FILE_END, or to the session's end. It checks that chunks are as the
 * protocol wants them and makes chunks of the spool of them, so that what waits for the disk is the window and no more, however
 * small the peer cuts them. Confined to the session's event loop, except where a method says otherwise.
 */
final class IncomingStream {
    /** Bytes that a peer may have on the way: enough for 40 MB/s at 50 ms, little enough for a message not to wait long. */
    static final int WINDOW = 2 << 20;

    private final Record.FileOffer offer;
    private final SessionFiles files;
    private final Session session;

    // Written on the event loop, read in lanes.
    private volatile boolean gone;
    private volatile FileStatus withdrawn;
    // Written in a lane, read on the event loop.
    private volatile Incoming transfer;

    private boolean flowing;
    private long expected;
    private long granted;
    private byte[] block;
    private int filled;

    IncomingStream(Record.FileOffer offer, SessionFiles files, Session session) {
        this.offer = offer;
        this.files = files;
        this.session = session;
    }

    Record.FileOffer offer() {
        return offer;
    }

    UUID id() {
        return offer.id();
    }

    Session session() {
        return session;
    }

    /** In the transfer's lane: it is the peer's conversation about this transfer from now on. */
    void bind(Incoming to) {
        transfer = to;
        // What came before was told to nobody; what comes after is told twice at the most.
        if (withdrawn != null) {
            to.withdrawn(this, withdrawn);
        }
        if (gone) {
            to.cut(this);
        }
    }

    /** From any thread: the peer shall send from there. */
    void accept(long offset) {
        session.execute(() -> {
            if (!gone && session.send(new Record.FileAccept(id(), offset, WINDOW))) {
                flowing = true;
                expected = offset;
                granted = offset + WINDOW;
            }
        });
    }

    /** From any thread: so much of the file is taken care of. */
    void processed(long bytes) {
        session.execute(() -> {
            if (!gone && session.send(new Record.FileProgress(id(), bytes))) {
                granted = bytes + WINDOW;
            }
        });
    }

    /** From any thread: tells the peer that it is over. */
    void stop(FileStatus status) {
        session.execute(() -> {
            if (!gone) {
                gone = true;
                session.send(new Record.FileEnd(id(), status));
                files.remove(this);
            }
        });
    }

    /** From any thread: another session goes on with the transfer. */
    void abandon() {
        session.execute(() -> {
            gone = true;
            files.remove(this);
        });
    }

    void chunk(Record.FileChunk chunk) {
        if (!flowing || gone) {
            return;
        }
        Optional<String> wrong = wrongWith(chunk);
        if (wrong.isPresent()) {
            gone = true;
            session.send(new Record.FileEnd(id(), FileStatus.FAILED));
            files.remove(this);
            transfer.violated(this, wrong.get());
            return;
        }
        expected += chunk.data().length;
        if (filled == 0 && (chunk.data().length == Spool.CHUNK || expected == offer.size())) {
            transfer.write(this, chunk.data(), chunk.data().length);
        } else {
            collect(chunk.data());
        }
    }

    /** FILE_END came. */
    void ended(FileStatus status) {
        gone = true;
        files.remove(this);
        withdrawn = status;
        Incoming to = transfer;
        if (to != null) {
            to.withdrawn(this, status);
        }
    }

    /** The session is over. */
    void cut() {
        gone = true;
        Incoming to = transfer;
        if (to != null) {
            to.cut(this);
        }
    }

    private Optional<String> wrongWith(Record.FileChunk chunk) {
        int length = chunk.data().length;
        if (chunk.offset() != expected) {
            return Optional.of("a chunk is not where the last one ended");
        } else if (length == 0) {
            return Optional.of("a chunk is empty");
        } else if (length > offer.size() - expected) {
            return Optional.of("a chunk goes beyond the file's end");
        } else if (expected + length > granted) {
            return Optional.of("a chunk goes beyond the window");
        }
        return Optional.empty();
    }

    private void collect(byte[] data) {
        for (int taken = 0; taken < data.length; ) {
            if (block == null) {
                block = new byte[Spool.CHUNK];
            }
            int part = Math.min(data.length - taken, Spool.CHUNK - filled);
            System.arraycopy(data, taken, block, filled, part);
            taken += part;
            filled += part;
            if (filled == Spool.CHUNK || taken == data.length && expected == offer.size()) {
                transfer.write(this, block, filled);
                block = null;
                filled = 0;
            }
        }
    }
}
