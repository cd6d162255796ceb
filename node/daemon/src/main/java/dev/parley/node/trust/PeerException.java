package dev.parley.node.trust;

/** What the operator asked of a peer cannot be done; the message says why, in one line. */
public final class PeerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** No known peer has this alias or id. */
        NOT_FOUND,
        /** More than one id begins like this. */
        AMBIGUOUS,
        ALIAS_TAKEN,
        /** Not an alias, or not an id. */
        INVALID,
        /** Not possible in the state that the peer is in. */
        STATE,
        /** The key that was named is not the one that answered. */
        OTHER_KEY,
        /** The number or the words that were read are not those of the two keys. */
        SAFETY_MISMATCH
    }

    private final Reason reason;

    PeerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
