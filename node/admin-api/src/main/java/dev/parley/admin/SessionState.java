package dev.parley.admin;

/** How far a session is. */
public enum SessionState {
    /** Both sides are authenticated and let each other in. */
    UP,
    /** The handshake is done, the peer has not yet shown that it lets this node in. */
    UNCONFIRMED,
    /** A CLOSE was sent or received. */
    CLOSING
}
