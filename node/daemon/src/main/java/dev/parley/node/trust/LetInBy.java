package dev.parley.node.trust;

/** What a peer was let in by. */
public enum LetInBy {
    /** It was not, so far. */
    NOTHING,
    /** The operator said so. */
    OPERATOR,
    /** It was the first to come, in trust mode first-use. */
    FIRST_USE,
    /** Its certificate, in trust mode ca. */
    CERTIFICATE;

    /** What a file that does not say it is taken to mean: a peer may have been pinned, and only to verify it was a person's deed. */
    static LetInBy unsaid(PeerState state) {
        return switch (state) {
            case TRUSTED -> FIRST_USE;
            case VERIFIED -> OPERATOR;
            case PENDING, BLOCKED -> NOTHING;
        };
    }
}
