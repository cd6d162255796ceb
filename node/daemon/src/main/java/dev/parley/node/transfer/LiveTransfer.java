package dev.parley.node.transfer;

import dev.parley.node.audit.NodeEvent;
import dev.parley.node.audit.TransferEvent;
import dev.parley.node.session.Ticks;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.protocol.wire.Record.FileStatus;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A transfer that has not ended. It is confined to its lane, but for what it shows of itself; whoever has something for it puts
 * it there. What is durable and what is told are changed here alone, so that the two agree.
 */
abstract class LiveTransfer {
    private static final Logger LOG = Logger.getLogger(LiveTransfer.class);

    final Shared shared;
    final TransferKey key;
    final Lane lane;
    private final Rate rate = new Rate();
    private volatile Transfer facts;
    private volatile long transferred;

    LiveTransfer(Shared shared, Transfer start) {
        this.shared = shared;
        this.key = start.key();
        this.lane = new Lane(shared.pool(), this::defect);
        this.facts = start;
        this.transferred = start.transferred();
    }

    /** As it is now; from any thread. */
    final Transfer now() {
        Transfer now = facts;
        boolean running = now.state() == TransferState.RUNNING;
        Transfer shown = now.at(transferred, running ? OptionalLong.of(rate.bytesPerSecond()) : OptionalLong.empty());
        return now.state() == TransferState.WAITING
                ? shown.in(TransferState.WAITING, Optional.empty(), Optional.of(whatItWaitsFor()))
                : shown;
    }

    final Instant createdAt() {
        return facts.createdAt();
    }

    final long size() {
        return facts.size();
    }

    final byte[] sha256() {
        return facts.sha256();
    }

    final TransferState state() {
        return facts.state();
    }

    final boolean hasEnded() {
        return facts.state().isFinal();
    }

    /** Ends it by the operator's will, or because its peer is trusted no more. @return false if it had ended */
    final CompletableFuture<Boolean> cancel(String reason) {
        return inLane(() -> {
            if (hasEnded()) {
                return false;
            }
            stop(FileStatus.CANCELLED);
            end(TransferState.CANCELLED, reason);
            return true;
        });
    }

    /** Tells the peer, where there is a session with it, and lets go of the stream. */
    abstract void stop(FileStatus status);

    /** Closes what is open on the disk. */
    abstract void close();

    /** Does something in the lane. @return completes with what it gave or threw */
    final <T> CompletableFuture<T> inLane(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        lane.execute(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                if (!(e instanceof TransferException)) {
                    throw e;
                }
            }
        });
        return done;
    }

    final void become(TransferState state) {
        if (facts.state() != state) {
            if (state == TransferState.RUNNING) {
                rate.begin(transferred, Ticks.now());
            }
            facts = facts.in(state, Optional.empty(), Optional.empty());
            shared.tellChanged(now());
        }
    }

    /** The receiver has so many bytes; from any thread. */
    final void reached(long bytes) {
        transferred = bytes;
        if (rate.moved(bytes, Ticks.now())) {
            Transfer now = now();
            shared.listeners().forEach(each -> each.progressed(now));
        }
    }

    /**
     * It is over.
     *
     * @param reason null where there is nothing to say
     * @return the state that it has ended in: FAILED instead of COMPLETE where the store cannot be written
     */
    final TransferState end(TransferState state, String reason) {
        if (hasEnded()) {
            return facts.state();
        }
        Transfer ended = facts.at(state == TransferState.COMPLETE ? facts.size() : transferred, OptionalLong.empty())
                .in(state, Optional.of(Instant.now()), Optional.ofNullable(reason));
        try {
            Store.await(shared.table().end(ended));
        } catch (StoreException full) {
            LOG.errorf("the end of transfer %s cannot be stored: %s", key.id(), full.getMessage());
            if (state == TransferState.COMPLETE && !key.outgoing()) {
                ended = ended.in(TransferState.FAILED, ended.endedAt(), Optional.of("the store cannot be written"));
            }
        }
        over(ended);
        if (ended.state() == TransferState.COMPLETE) {
            shared.audit()
                    .record(new TransferEvent.FileCompleted(
                            key.id(), key.peer().toString(), key.outgoing(), ended.size()));
        } else {
            shared.audit()
                    .record(new TransferEvent.FileEnded(
                            key.id(),
                            key.peer().toString(),
                            key.outgoing(),
                            ended.state().name(),
                            ended.reason().orElse("")));
        }
        return ended.state();
    }

    /** Nobody wants to hear of it again: it leaves no trace but in net.log. */
    final void forget(String reason) {
        if (!hasEnded()) {
            Store.await(shared.table().delete(key));
            over(facts.in(TransferState.CANCELLED, Optional.of(Instant.now()), Optional.of(reason)));
            shared.audit()
                    .record(new TransferEvent.FileEnded(
                            key.id(), key.peer().toString(), key.outgoing(), TransferState.CANCELLED.name(), reason));
        }
    }

    final void closeQuietly(Closeable file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debugf("closing a file of the spool: %s", e.getMessage());
        }
    }

    private void over(Transfer ended) {
        transferred = ended.transferred();
        facts = ended;
        close();
        if (ended.state() != TransferState.COMPLETE || ended.outgoing()) {
            shared.spool().remove(key);
        }
        shared.live().remove(this);
        shared.tellChanged(ended);
    }

    private String whatItWaitsFor() {
        return shared.connected().test(key.peer()) ? "its turn" : "the peer to be connected";
    }

    private void defect(RuntimeException defect) {
        LOG.errorf(defect, "transfer %s is given up", key.id());
        shared.audit().record(NodeEvent.InternalError.of("transfer", defect));
        stop(FileStatus.FAILED);
        end(TransferState.FAILED, "the node failed, its log has the cause");
    }
}
