package dev.parley.admin;

/** Where a message to one peer stands. It ends in exactly one final state. */
public enum DeliveryState {
    /** The node has it; it was not yet written to a session. */
    QUEUED(false),
    /** It was written to a session and is not yet acknowledged. */
    SENT(false),
    /** The peer has acknowledged that it stored it. */
    DELIVERED(true),
    /** The peer, or this node, refused it; the reason says why. */
    REFUSED(true),
    /** It could not be delivered in time. */
    EXPIRED(true),
    /** It was taken back, or its peer was blocked or forgotten. */
    CANCELLED(true);

    private final boolean last;

    DeliveryState(boolean last) {
        this.last = last;
    }

    /** Whether nothing follows this state. */
    public boolean isFinal() {
        return last;
    }
}
