package dev.parley.node.message;

/** Where one message to one peer stands. */
public enum DeliveryState {
    /** Taken, not yet written to a session. */
    QUEUED(false),
    /** Written to a session, not yet acknowledged. */
    SENT(false),
    /** Acknowledged by the peer. */
    DELIVERED(true),
    /** Refused by the peer, or too long for it. */
    REFUSED(true),
    /** Not deliverable in time. */
    EXPIRED(true),
    /** Given up by this node. */
    CANCELLED(true);

    private final boolean last;

    DeliveryState(boolean last) {
        this.last = last;
    }

    /** Whether nothing comes after this state. */
    public boolean isFinal() {
        return last;
    }
}
