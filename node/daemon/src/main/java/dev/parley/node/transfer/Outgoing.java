package dev.parley.node.transfer;

import dev.parley.node.audit.TransferEvent;
import dev.parley.node.store.StoreException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A file that this node sends: all of it is in the spool. In one session at a time, or in the queue for the next. */
final class Outgoing extends LiveTransfer {
    private OutgoingStream stream;
    private SpoolReader reader;

    Outgoing(Shared shared, Transfer start) {
        super(shared, start);
    }

    Record.FileOffer offer() {
        Transfer now = now();
        return new Record.FileOffer(now.id(), now.size(), now.sha256(), now.name(), now.mediaType());
    }

    /** A session offers it. */
    void claimed(OutgoingStream by) {
        lane.execute(() -> {
            if (hasEnded()) {
                by.stop(FileStatus.CANCELLED);
            } else {
                stream = by;
                become(TransferState.OFFERED);
            }
        });
    }

    /** The peer wants it from there. */
    void accepted(OutgoingStream by, long offset) {
        lane.execute(() -> {
            if (stream == by && !hasEnded()) {
                reached(offset);
                become(TransferState.RUNNING);
                shared.audit()
                        .record(new TransferEvent.FileStarted(
                                key.id(), key.peer().toString(), by.sessionId(), true, offset));
            }
        });
    }

    /** Reads ahead. @param pieces bytes of each piece, {@code most} of all */
    void read(OutgoingStream by, long offset, int pieces, int most) {
        lane.execute(() -> {
            if (stream != by || hasEnded()) {
                return;
            }
            try {
                by.loaded(readNow(offset, pieces, most));
            } catch (IOException | StoreException damaged) {
                stop(FileStatus.FAILED);
                end(TransferState.FAILED, "its content in the spool is damaged");
            }
        });
    }

    /** The peer ended it. */
    void answered(OutgoingStream by, FileStatus status) {
        lane.execute(() -> {
            if (stream == by) {
                stream = null;
                switch (status) {
                    case COMPLETE -> end(TransferState.COMPLETE, null);
                    case REFUSED -> end(TransferState.DECLINED, "the peer does not want it");
                    case CANCELLED -> end(TransferState.CANCELLED, "cancelled by the peer");
                    case HASH_MISMATCH -> end(TransferState.FAILED, "what arrived has another hash");
                    case FAILED -> end(TransferState.FAILED, "broken off by the peer");
                    case NO_ROOM -> end(TransferState.FAILED, "the peer has no room for it");
                }
            }
        });
    }

    /** The peer broke the rules, and was told. */
    void violated(OutgoingStream by, String detail) {
        lane.execute(() -> {
            if (stream == by) {
                stream = null;
                shared.audit()
                        .record(new TransferEvent.FileViolation(
                                key.id(), key.peer().toString(), by.sessionId(), detail));
                end(TransferState.FAILED, "the peer broke the rules: " + detail);
            }
        });
    }

    /** The session is over, or cannot take it now: it waits for the next. */
    void cut(OutgoingStream by) {
        lane.execute(() -> {
            if (stream == by && !hasEnded()) {
                stream = null;
                close();
                become(TransferState.WAITING);
                shared.live().enqueue(this);
            }
        });
    }

    @Override
    void stop(FileStatus status) {
        if (stream != null) {
            stream.stop(status);
            stream = null;
        }
    }

    @Override
    void close() {
        closeQuietly(reader);
        reader = null;
    }

    private List<byte[]> readNow(long offset, int pieces, int most) throws IOException {
        if (reader == null) {
            reader = shared.spool().read(key, size());
        }
        List<byte[]> read = new ArrayList<>();
        long at = offset;
        while (at < size() && at - offset < most) {
            byte[] piece = reader.read(at, pieces);
            read.add(piece);
            at += piece.length;
        }
        return read;
    }
}
