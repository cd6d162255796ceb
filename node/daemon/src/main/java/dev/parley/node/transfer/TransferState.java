package dev.parley.node.transfer;

/** Where a transfer stands. It ends in exactly one final state. The store keeps the place in this list: only append. */
public enum TransferState {
    /** Outgoing: the operator is still handing the file over. */
    SPOOLING,
    /** Offered, and the receiver has not decided yet. */
    OFFERED,
    /** It waits for a session or for its turn. */
    WAITING,
    /** Bytes flow. */
    RUNNING,
    /** The receiver has all of it and its hash is right. */
    COMPLETE,
    /** The receiver did not want it. */
    DECLINED,
    /** Either side took it back. */
    CANCELLED,
    /** It cannot be done. */
    FAILED;

    /** Whether nothing follows this state. */
    public boolean isFinal() {
        return ordinal() >= COMPLETE.ordinal();
    }

    static TransferState at(int place) {
        return values()[place];
    }
}
