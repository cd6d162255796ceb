package dev.parley.node.transfer;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.session.SessionRegistry;
import java.util.List;
import java.util.concurrent.Executor;

/** What every transfer needs of the rest of the node. @param pool where disk and database may be waited for */
record Shared(
        Executor pool,
        TransferTable table,
        Spool spool,
        FilePolicy policy,
        LiveTransfers live,
        SessionRegistry sessions,
        AuditLog audit,
        List<TransferListener> listeners) {

    void tellChanged(Transfer transfer) {
        listeners.forEach(each -> each.changed(transfer));
    }
}
