package dev.parley.node.audit;

import java.util.UUID;

/** Files. Their names are content, like texts: they are in the store, sealed, and never in the log. */
public sealed interface TransferEvent extends AuditEvent {

    @Audited("A file was taken from the operator, to be sent.")
    record FileQueued(UUID transfer, String peer, long size, String sha256) implements TransferEvent {}

    @Audited("A peer offers a file.")
    record FileOffered(UUID transfer, String peer, UUID session, long size, String sha256) implements TransferEvent {}

    @Audited("Bytes of a file begin, or go on, to flow from this position.")
    record FileStarted(UUID transfer, String peer, UUID session, boolean outgoing, long from)
            implements TransferEvent {}

    @Audited("All of a file has arrived and its hash is right.")
    record FileCompleted(UUID transfer, String peer, boolean outgoing, long size) implements TransferEvent {}

    @Audited(value = "A file will not arrive: declined, cancelled or failed.", level = Level.WARN)
    record FileEnded(UUID transfer, String peer, boolean outgoing, String state, String reason)
            implements TransferEvent {}

    @Audited(
            value =
                    "A peer breaks the rules of a transfer: chunks out of place, beyond the window, or another hash than it said.",
            level = Level.ALARM)
    record FileViolation(UUID transfer, String peer, UUID session, String detail) implements TransferEvent {}
}
