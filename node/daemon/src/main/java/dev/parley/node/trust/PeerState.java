package dev.parley.node.trust;

/** What the operator has decided about a peer. */
public enum PeerState {
    /** It has proved its key and waits for a decision. */
    PENDING(false),
    /** It is let in. */
    TRUSTED(true),
    /** It is let in, and its PeerId was compared over another channel. */
    VERIFIED(true),
    /** It is refused. */
    BLOCKED(false);

    private final boolean letIn;

    PeerState(boolean letIn) {
        this.letIn = letIn;
    }

    public boolean isLetIn() {
        return letIn;
    }
}
