package dev.parley.node.audit;

import java.time.Instant;

/** What the node holds of other nodes, and who may connect. */
public sealed interface PeerEvent extends AuditEvent {

    @Audited(value = "A peer has proved a key that this node has never met, and awaits approval.", level = Level.WARN)
    record PeerPending(String peer, String remote, Claim name, Claim address) implements PeerEvent {}

    @Audited(
            value = "An unknown peer was turned away and not queued for approval: the queue is full.",
            level = Level.WARN)
    record PeerNotQueued(String peer, String remote, String limit) implements PeerEvent {}

    @Audited("A peer is trusted because it was the first to come (trust mode first-use), and its key is pinned.")
    record PeerPinned(String peer, String alias, String remote, Claim name) implements PeerEvent {}

    @Audited("The operator trusts a peer.")
    record PeerApproved(String peer, String alias) implements PeerEvent {}

    @Audited(
            "The operator has compared the keys with the peer's owner; how: number, words, qr, or operator where it was not said.")
    record PeerVerified(String peer, String alias, String how) implements PeerEvent {}

    @Audited(
            value = "What the operator read over another channel is not the safety number, or words, of the two keys."
                    + " Nothing was marked. A mistake in reading, or somebody in between.",
            level = Level.ALARM)
    record PeerVerifyFailed(String peer, String alias, String how) implements PeerEvent {}

    @Audited("The operator has blocked a peer: it is not let in, and a live session ends.")
    record PeerBlocked(String peer, String alias) implements PeerEvent {}

    @Audited("The operator has given a peer another alias.")
    record PeerAliased(String peer, String alias, String previousAlias) implements PeerEvent {}

    @Audited("The operator has had a peer forgotten; if it comes again it is unknown.")
    record PeerForgotten(String peer, String alias) implements PeerEvent {}

    @Audited(
            value =
                    "Where a known peer lives another key answers: it is refused. An attack, or the peer was set up anew.",
            level = Level.ALARM)
    record PeerKeyChanged(String alias, String address, String peer, String otherPeer) implements PeerEvent {}

    @Audited(
            value = "The operator has given a peer's alias and addresses to another key, which answered in its place;"
                    + " what was verified before is not any more. Messages that waited stay with the old key.",
            level = Level.WARN)
    record PeerKeyAccepted(String peer, String alias, String previousPeer, boolean wasVerified) implements PeerEvent {}

    @Audited(
            value =
                    "A peer has a new key, named by its old one within the grace period: it takes the old one's place, with what"
                            + " the operator decided about it. The old key is let in no more.",
            level = Level.WARN)
    record PeerKeyRotated(String peer, String alias, String previousPeer, String state, String remote, Instant graceEnd)
            implements PeerEvent {}

    @Audited(
            value =
                    "A key says that a known peer's key named it as the next one, but the grace period for that is over, or has"
                            + " not begun: it is treated as unknown.",
            level = Level.WARN)
    record PeerRotationExpired(String peer, String alias, String previousPeer, String remote, Instant graceEnd)
            implements PeerEvent {}

    @Audited(
            value =
                    "A key that has a successor was used again, and was refused: its holder was restored from an old copy, or"
                            + " somebody has stolen it.",
            level = Level.ALARM)
    record PeerSuperseded(String peer, String alias, String successor, String remote) implements PeerEvent {}

    @Audited(
            value =
                    "One key has named two successors: somebody else has it. The second is refused, and the first is let in no"
                            + " more until the operator has decided (suspended: whether it was let in until now).",
            level = Level.ALARM)
    record PeerRotationConflict(
            String peer, String alias, String otherPeer, String previousPeer, String remote, boolean suspended)
            implements PeerEvent {}

    @Audited(
            value =
                    "Two live nodes have the same identity: a process of it was heard from before and after another one.",
            level = Level.ALARM)
    record DuplicateIdentity(String peer, String alias, String remote, String otherRemote) implements PeerEvent {}
}
