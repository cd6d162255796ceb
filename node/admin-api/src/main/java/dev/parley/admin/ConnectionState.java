package dev.parley.admin;

/** Where a connection that the operator asked for stands. */
public enum ConnectionState {
    /** A session is up. */
    CONNECTED,
    /** A dial is under way. */
    DIALING,
    /** The last dial failed, or the session ended; the node dials again at the time that is shown. */
    WAITING,
    /** The peer's operator has to approve this node; the node dials again at the time that is shown. */
    AWAITING_APPROVAL
}
