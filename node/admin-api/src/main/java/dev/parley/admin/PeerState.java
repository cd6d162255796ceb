package dev.parley.admin;

/** What the operator has decided about a peer. */
public enum PeerState {
    /** It has proved its key and waits for a decision. */
    PENDING,
    /** It is let in. */
    TRUSTED,
    /** It is let in, and its PeerId was compared over another channel. */
    VERIFIED,
    /** It is refused. */
    BLOCKED
}
