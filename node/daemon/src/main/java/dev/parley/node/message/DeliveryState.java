package dev.parley.node.message;

/** Where one message to one peer stands. Stored by its place: a new state goes to the end. */
public enum DeliveryState {
    /** Taken, not yet written to a session. */
    QUEUED(false),
    /** Written to a session, not yet acknowledged. */
    SENT(false),
    /** Acknowledged by the peer. */
    DELIVERED(true),
    /** Refused by the peer, or too long for it, or the peer is not let in. */
    REFUSED(true),
    /** Not deliverable in time. */
    EXPIRED(true),
    /** Taken back by the operator, or its peer was blocked or forgotten. */
    CANCELLED(true);

    private static final DeliveryState[] BY_PLACE = values();

    private final boolean last;

    DeliveryState(boolean last) {
        this.last = last;
    }

    /** Whether nothing comes after this state. */
    public boolean isFinal() {
        return last;
    }

    static DeliveryState at(int place) {
        return BY_PLACE[place];
    }
}
