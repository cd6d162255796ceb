package dev.parley.node.transfer;

import dev.parley.node.audit.AuditLog;
import dev.parley.protocol.crypto.PeerId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * What every transfer needs of the rest of the node.
 *
 * @param pool where disk and database may be waited for
 * @param connected whether there is a session to send to a peer on
 */
record Shared(
        Executor pool,
        TransferTable table,
        Spool spool,
        FilePolicy policy,
        LiveTransfers live,
        Predicate<PeerId> connected,
        AuditLog audit,
        List<TransferListener> listeners) {

    void tellChanged(Transfer transfer) {
        listeners.forEach(each -> each.changed(transfer));
    }
}
