package dev.parley.node.transfer;

import dev.parley.node.session.Session;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * One outgoing transfer in one session: from FILE_OFFER to FILE_END, or to the session's end. Confined to the session's event
 * loop, except {@link #stop} and {@link #loaded}.
 */
final class OutgoingStream {
    private static final int READ_AHEAD = 512 << 10;
    /** {@code kind | transfer id | offset}: what a FILE_CHUNK is longer than its data. */
    private static final int CHUNK_HEADER = 1 + 16 + 8;

    private static final int QUARTER = 4;

    private final Outgoing transfer;
    private final SessionFiles files;
    private final Session session;
    private final Deque<byte[]> ready = new ArrayDeque<>();
    private int readyBytes;
    private boolean flowing;
    private boolean reading;
    private int chunk;
    private long window;
    private long read;
    private long sent;
    private long acknowledged;

    OutgoingStream(Outgoing transfer, SessionFiles files, Session session) {
        this.transfer = transfer;
        this.files = files;
        this.session = session;
    }

    UUID id() {
        return transfer.key.id();
    }

    UUID sessionId() {
        return session.id();
    }

    /** False if the session takes nothing now. */
    boolean offer() {
        boolean taken = session.send(transfer.offer());
        if (taken) {
            transfer.claimed(this);
        }
        return taken;
    }

    void accepted(Record.FileAccept accept) {
        if (flowing) {
            return;
        }
        if (Long.compareUnsigned(accept.offset(), transfer.size()) > 0) {
            violated("it wants the file from behind its end");
            return;
        }
        flowing = true;
        window = accept.window();
        // The receiver may wait for a quarter of the window before it says how far it is: so a chunk is no longer.
        chunk = (int) Math.min(
                Math.min(Limits.FILE_CHUNK_DATA, session.remoteMaxPlaintext() - CHUNK_HEADER), window / QUARTER);
        read = accept.offset();
        sent = read;
        acknowledged = read;
        transfer.accepted(this, read);
        readAhead();
    }

    void progressed(Record.FileProgress progress) {
        if (!flowing) {
            return;
        }
        if (Long.compareUnsigned(progress.received(), sent) > 0 || progress.received() < acknowledged) {
            violated("it says that it has what was not sent, or less than before");
            return;
        }
        acknowledged = progress.received();
        transfer.reached(acknowledged);
    }

    void ended(FileStatus status) {
        if (status == FileStatus.COMPLETE && flowing && sent < transfer.size()) {
            violated("it says that it has all before all was sent");
        } else {
            files.remove(this);
            transfer.answered(this, status);
        }
    }

    void cut() {
        transfer.cut(this);
    }

    /** Sends the next chunk. @return its bytes; 0 where there is none now */
    int sendNext() {
        byte[] next = ready.peek();
        if (next == null || sent + next.length > acknowledged + window) {
            return 0;
        }
        if (!session.send(new Record.FileChunk(id(), sent, next))) {
            return 0;
        }
        ready.remove();
        readyBytes -= next.length;
        sent += next.length;
        readAhead();
        return next.length;
    }

    /** From any thread: what was asked for is read. */
    void loaded(List<byte[]> pieces) {
        session.execute(() -> {
            reading = false;
            for (byte[] piece : pieces) {
                ready.add(piece);
                readyBytes += piece.length;
                read += piece.length;
            }
            readAhead();
            files.pump();
        });
    }

    /** From any thread: tells the peer that it is over. */
    void stop(FileStatus status) {
        session.execute(() -> {
            session.send(new Record.FileEnd(id(), status));
            files.remove(this);
        });
    }

    private void readAhead() {
        if (!reading && read < transfer.size() && readyBytes <= READ_AHEAD / 2) {
            reading = true;
            transfer.read(this, read, chunk, READ_AHEAD - readyBytes);
        }
    }

    private void violated(String detail) {
        session.send(new Record.FileEnd(id(), FileStatus.FAILED));
        files.remove(this);
        transfer.violated(this, detail);
    }
}
