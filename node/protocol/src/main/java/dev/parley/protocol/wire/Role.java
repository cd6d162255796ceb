package dev.parley.protocol.wire;

/** Which side of a connection this is: the initiator dialed. */
public enum Role {
    INITIATOR,
    RESPONDER;

    /** Returns the other side's role. */
    public Role other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}
