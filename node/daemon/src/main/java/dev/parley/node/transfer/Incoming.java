package dev.parley.node.transfer;

import dev.parley.node.audit.TransferEvent;
import dev.parley.node.session.Ticks;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.protocol.wire.Record.FileStatus;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** A file that a peer sends. Without a stream it waits for a session in which the peer offers it again. */
final class Incoming extends LiveTransfer {
    /** How much, and how long, may have to come again after the machine's death. */
    private static final long DURABLE_EVERY_BYTES = 1L << 20;

    private static final long DURABLE_EVERY_MILLIS = 500;
    /** PSP/1 section 5: at least each quarter of the window. */
    private static final int TOLD_EVERY = IncomingStream.WINDOW / 8;

    private IncomingStream stream;
    private boolean accepted;
    private boolean opening;
    private SpoolWriter writer;
    private ContentHash hash;
    private long durableAt;
    private long told;

    /** @param accepted whether the operator, or its policy, wants it */
    Incoming(Shared shared, Transfer start, boolean accepted) {
        super(shared, start);
        this.accepted = accepted;
    }

    /** The peer offers it, for the first time or again, in a session. */
    void offered(IncomingStream by) {
        lane.execute(() -> {
            if (hasEnded()) {
                // It ended between the look at it and now: what was on its way from the last session can complete it.
                by.stop(Offers.answer(state()));
                return;
            }
            if (stream != null) {
                stream.abandon();
            }
            stream = by;
            by.bind(this);
            if (accepted) {
                open();
            }
        });
    }

    /** The operator wants it. @return completes when that is durable */
    CompletableFuture<Void> accept() {
        return inLane(() -> {
            mustBeOffered();
            Store.await(shared.table().state(key, TransferState.WAITING));
            accepted = true;
            become(TransferState.WAITING);
            if (stream != null) {
                open();
            }
            return null;
        });
    }

    /** The operator does not want it. @return completes when that is durable */
    CompletableFuture<Void> decline() {
        return inLane(() -> {
            mustBeOffered();
            stop(FileStatus.REFUSED);
            end(TransferState.DECLINED, "declined by the operator");
            return null;
        });
    }

    /** The next chunk of the spool. @param content not to be changed any more */
    void write(IncomingStream by, byte[] content, int length) {
        lane.execute(() -> {
            if (stream != by || hasEnded()) {
                return;
            }
            try {
                append(content, length);
            } catch (IOException full) {
                noRoom();
            }
        });
    }

    /** The peer broke the rules, and was told. */
    void violated(IncomingStream by, String detail) {
        lane.execute(() -> {
            if (stream == by) {
                stream = null;
                audit(by, detail);
                end(TransferState.FAILED, "the peer broke the rules: " + detail);
            }
        });
    }

    /** The peer ended it. */
    void withdrawn(IncomingStream by, FileStatus status) {
        lane.execute(() -> {
            if (stream == by) {
                stream = null;
                if (!accepted) {
                    forget("withdrawn by the peer");
                } else {
                    switch (status) {
                        case CANCELLED -> end(TransferState.CANCELLED, "cancelled by the peer");
                        case NO_ROOM -> end(TransferState.FAILED, "the peer has no room");
                        case COMPLETE, REFUSED, HASH_MISMATCH, FAILED ->
                            end(TransferState.FAILED, "broken off by the peer");
                    }
                }
            }
        });
    }

    /** The session is over. */
    void cut(IncomingStream by) {
        lane.execute(() -> {
            if (stream == by) {
                stream = null;
                if (accepted && !hasEnded()) {
                    keepWhatCame();
                    close();
                    become(TransferState.WAITING);
                }
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
        closeQuietly(writer);
        writer = null;
    }

    private void mustBeOffered() {
        if (state() != TransferState.OFFERED) {
            throw new TransferException(
                    TransferException.Reason.STATE,
                    "only a file that is offered can be accepted or declined; this one is "
                            + state().name().toLowerCase(Locale.ROOT));
        }
    }

    /** Has the content ready to be gone on with, and tells the peer where. */
    private void open() {
        if (opening) {
            return;
        }
        try {
            if (writer == null) {
                writer = shared.spool().resume(key, now().transferred());
                hash = hash != null && hash.hashed() == writer.position() ? hash : new ContentHash();
            }
            opening = true;
            hashWhatIsThere();
        } catch (IOException full) {
            noRoom();
        }
    }

    /** Step by step, so that the operator and the peer are heard in between. */
    private void hashWhatIsThere() {
        if (hasEnded()) {
            return;
        }
        if (stream == null || writer == null) {
            opening = false;
            // The session was over, and the next one may be here already.
            if (stream != null) {
                open();
            }
            return;
        }
        try {
            if (hash.catchUp(shared.spool(), key, writer.position())) {
                opening = false;
                begin();
            } else {
                lane.execute(this::hashWhatIsThere);
            }
        } catch (IOException | StoreException damaged) {
            beginAnew();
        }
    }

    private void beginAnew() {
        try {
            closeQuietly(writer);
            writer = shared.spool().resume(key, 0);
            hash = new ContentHash();
            shared.table().position(key, 0);
            lane.execute(this::hashWhatIsThere);
        } catch (IOException full) {
            noRoom();
        }
    }

    private void begin() {
        long from = writer.position();
        told = from;
        durableAt = Ticks.now();
        reached(from);
        stream.accept(from);
        become(TransferState.RUNNING);
        shared.audit()
                .record(new TransferEvent.FileStarted(
                        key.id(), key.peer().toString(), stream.session().id(), false, from));
        if (from == size()) {
            try {
                complete();
            } catch (IOException full) {
                noRoom();
            }
        }
    }

    private void append(byte[] content, int length) throws IOException {
        writer.append(content, length);
        hash.update(content, length);
        CrashPoint.SPOOL_AFTER_WRITE.reached();
        long position = writer.position();
        reached(position);
        if (position == size()) {
            complete();
            return;
        }
        if (position - writer.forced() >= DURABLE_EVERY_BYTES || Ticks.now() - durableAt >= DURABLE_EVERY_MILLIS) {
            makeDurable();
            if (!shared.policy().fitsOnDisk(0) || !shared.policy().isWithinSpool(0)) {
                noRoom();
                return;
            }
        }
        if (position - told >= TOLD_EVERY) {
            told = position;
            stream.processed(position);
        }
    }

    private void makeDurable() throws IOException {
        writer.force();
        durableAt = Ticks.now();
        shared.table().position(key, writer.forced());
    }

    private void keepWhatCame() {
        try {
            if (writer != null && writer.position() > writer.forced()) {
                makeDurable();
            }
        } catch (IOException full) {
            // Less is durable, then: it comes again.
        }
    }

    private void complete() throws IOException {
        if (!MessageDigest.isEqual(hash.digest(), sha256())) {
            audit(stream, "the content has another hash than the offer said");
            stop(FileStatus.HASH_MISMATCH);
            end(TransferState.FAILED, "what arrived has another hash than was said");
            return;
        }
        writer.force();
        CrashPoint.TRANSFER_BEFORE_COMPLETE.reached();
        boolean stored = end(TransferState.COMPLETE, null) == TransferState.COMPLETE;
        stop(stored ? FileStatus.COMPLETE : FileStatus.NO_ROOM);
    }

    private void noRoom() {
        stop(FileStatus.NO_ROOM);
        end(TransferState.FAILED, "there is no room for it");
    }

    private void audit(IncomingStream by, String detail) {
        shared.audit()
                .record(new TransferEvent.FileViolation(
                        key.id(), key.peer().toString(), by.session().id(), detail));
    }
}
