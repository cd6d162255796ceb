package dev.parley.node.audit;

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

    @Audited("The operator has compared the PeerId with the peer's owner.")
    record PeerVerified(String peer, String alias) implements PeerEvent {}

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
}
