package dev.parley.node.control;

import dev.parley.admin.HistoryEntry;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import dev.parley.node.transfer.Transfer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HexFormat;

/** Shows transfers as the contract does. */
@ApplicationScoped
class TransferViews {
    private final Views views;

    TransferViews(Views views) {
        this.views = views;
    }

    TransferInfo of(Transfer transfer) {
        return new TransferInfo(
                transfer.id(),
                transfer.outgoing() ? HistoryEntry.Direction.OUT : HistoryEntry.Direction.IN,
                transfer.peer().toString(),
                views.alias(transfer.peer()),
                transfer.name(),
                transfer.mediaType(),
                transfer.size(),
                sha256(transfer),
                TransferState.valueOf(transfer.state().name()),
                transfer.transferred(),
                transfer.bytesPerSecond().isPresent()
                        ? transfer.bytesPerSecond().getAsLong()
                        : null,
                transfer.createdAt(),
                transfer.endedAt().orElse(null),
                transfer.reason().orElse(null));
    }

    /** As text; null while it is not known. */
    static String sha256(Transfer transfer) {
        return transfer.sha256().length == 0 ? null : HexFormat.of().formatHex(transfer.sha256());
    }
}
