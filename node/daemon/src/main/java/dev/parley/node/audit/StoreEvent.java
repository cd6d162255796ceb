package dev.parley.node.audit;

import java.time.Instant;

/** The store of messages and files. {@code commits} counts its transactions since it was made. */
public sealed interface StoreEvent extends AuditEvent {

    @Audited(
            value = "The disk or the store is full, or cannot be written: messages are refused until there is room.",
            level = Level.ALARM)
    record StoreNotWritable(long freeBytes) implements StoreEvent {}

    @Audited("There is room in the store again.")
    record StoreWritable(long freeBytes) implements StoreEvent {}

    @Audited(
            value =
                    "An older store, or another one, is in the place of the one that this node had: messages are missing.",
            level = Level.ALARM)
    record StoreRolledBack(String what, long commits, long expectedCommits) implements StoreEvent {}

    @Audited(
            value =
                    "Peers have messages already that this store says were never sent: it is an older copy of the true one.",
            level = Level.ALARM)
    record StoreBehindPeers(String peer, long messages) implements StoreEvent {}

    @Audited("A copy of the store was made for the operator.")
    record StoreBackedUp(long bytes) implements StoreEvent {}

    @Audited(
            value = "The operator handed in a backup that takes the place of the store at the next start.",
            level = Level.WARN)
    record StoreRestoreRequested(long bytes, Instant madeAt) implements StoreEvent {}

    @Audited(value = "A backup has taken the place of the store.", level = Level.WARN)
    record StoreRestored(long commits, long commitsBefore) implements StoreEvent {}

    @Audited("Old messages that had ended, or were read, were deleted.")
    record StorePruned(long sent, long received) implements StoreEvent {}
}
