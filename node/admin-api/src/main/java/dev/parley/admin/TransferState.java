package dev.parley.admin;

/** Where the transfer of a file stands. It ends in exactly one final state. */
public enum TransferState {
    /** Outgoing: the client is still handing the file over. */
    SPOOLING(false),
    /** Offered: the receiver's operator, or its policy, has not decided yet. */
    OFFERED(false),
    /** Accepted, and it waits for a session or for its turn. */
    WAITING(false),
    /** Bytes flow. */
    RUNNING(false),
    /** The receiver has all of it and its hash is right. */
    COMPLETE(true),
    /** The receiver did not want it. */
    DECLINED(true),
    /** Either side took it back. */
    CANCELLED(true),
    /** It cannot be done; the reason says why. */
    FAILED(true);

    private final boolean last;

    TransferState(boolean last) {
        this.last = last;
    }

    /** Whether nothing follows this state. */
    public boolean isFinal() {
        return last;
    }
}
