package dev.parley.node.transfer;

import dev.parley.node.audit.TransferEvent;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Decides about what peers offer: known already, to be taken, the operator's to decide, or refused. One after the other, so that
 * limits hold; a session has at most {@value SessionFiles#AT_ONCE} in line.
 */
final class Offers {
    /** Offers that may await the operator, of one peer and of all. */
    static final int PENDING_OF_PEER = 16;

    static final int PENDING_IN_ALL = 256;

    private static final Logger LOG = Logger.getLogger(Offers.class);

    private final Shared shared;
    private final Lane lane;

    Offers(Shared shared) {
        this.shared = shared;
        this.lane = new Lane(shared.pool(), defect -> LOG.error("an offer of a file was not decided", defect));
    }

    /** The decision comes through the stream. */
    void decide(IncomingStream stream) {
        lane.execute(() -> {
            try {
                decideNow(stream);
            } catch (StoreException full) {
                stream.stop(FileStatus.NO_ROOM);
            }
        });
    }

    private void decideNow(IncomingStream stream) {
        Record.FileOffer offer = stream.offer();
        PeerId peer = stream.session().peerId();
        Optional<LiveTransfer> live = shared.live().find(offer.id());
        if (live.isPresent() && !live.get().hasEnded()) {
            if (live.get() instanceof Incoming incoming && isSame(incoming.now(), stream)) {
                incoming.offered(stream);
            } else {
                violated(stream);
            }
            return;
        }
        Optional<Transfer> known = Store.await(shared.table().find(offer.id()));
        if (known.isPresent()) {
            if (isSame(known.get(), stream)) {
                stream.stop(answer(known.get().state()));
            } else {
                violated(stream);
            }
            return;
        }
        boolean unasked = shared.policy().takesUnasked(peer);
        Transfer transfer = new Transfer(
                offer.id(),
                peer,
                false,
                FileNames.clean(offer.name()),
                offer.mediaType(),
                offer.size(),
                offer.sha256(),
                unasked ? TransferState.WAITING : TransferState.OFFERED,
                0,
                OptionalLong.empty(),
                Instant.now(),
                Optional.empty(),
                Optional.empty());
        shared.audit()
                .record(new TransferEvent.FileOffered(
                        offer.id(),
                        peer.toString(),
                        stream.session().id(),
                        offer.size(),
                        HexFormat.of().formatHex(offer.sha256())));
        if (shared.policy().isTooLarge(offer.size())) {
            refuse(stream, FileStatus.REFUSED, "longer than files may be");
        } else if (!hasRoom(offer.size())) {
            refuse(stream, FileStatus.NO_ROOM, "there is no room for it");
        } else if (!unasked && tooManyWait(peer)) {
            refuse(stream, FileStatus.NO_ROOM, "too many offers wait for the operator");
        } else {
            take(stream, transfer, unasked);
        }
    }

    private void take(IncomingStream stream, Transfer transfer, boolean unasked) {
        Store.await(shared.table().insert(transfer, 0));
        Incoming incoming = new Incoming(shared, transfer, unasked);
        shared.live().add(incoming);
        shared.listeners().forEach(each -> each.offered(incoming.now()));
        incoming.offered(stream);
    }

    /** Nothing is reserved: another may take the room meanwhile. */
    private boolean hasRoom(long size) {
        long length = Spool.length(size);
        return shared.policy().isWithinSpool(length) && shared.policy().fitsOnDisk(length);
    }

    private boolean tooManyWait(PeerId peer) {
        var pending = shared.live().all().stream()
                .filter(each -> !each.key.outgoing() && each.state() == TransferState.OFFERED)
                .toList();
        long ofPeer =
                pending.stream().filter(each -> each.key.peer().equals(peer)).count();
        return ofPeer >= PENDING_OF_PEER || pending.size() >= PENDING_IN_ALL;
    }

    private void refuse(IncomingStream stream, FileStatus status, String reason) {
        stream.stop(status);
        shared.audit()
                .record(new TransferEvent.FileEnded(
                        stream.id(),
                        stream.session().peerId().toString(),
                        false,
                        TransferState.DECLINED.name(),
                        reason));
    }

    private void violated(IncomingStream stream) {
        stream.stop(FileStatus.FAILED);
        shared.audit()
                .record(new TransferEvent.FileViolation(
                        stream.id(),
                        stream.session().peerId().toString(),
                        stream.session().id(),
                        "the offer has the id of another file"));
    }

    private static boolean isSame(Transfer known, IncomingStream stream) {
        return !known.outgoing()
                && known.peer().equals(stream.session().peerId())
                && known.size() == stream.offer().size()
                && MessageDigest.isEqual(known.sha256(), stream.offer().sha256());
    }

    /** What a peer is told that offers a file again. */
    static FileStatus answer(TransferState ended) {
        return switch (ended) {
            case COMPLETE -> FileStatus.COMPLETE;
            case DECLINED -> FileStatus.REFUSED;
            case CANCELLED -> FileStatus.CANCELLED;
            case SPOOLING, OFFERED, WAITING, RUNNING, FAILED -> FileStatus.FAILED;
        };
    }
}
