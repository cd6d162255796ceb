package dev.parley.node.control;

/** What a caller of the admin socket may do; each includes those before it. {@link Permissions} says what needs which. */
enum Permission {
    /** Look at the node: state, peers, sessions, limits, the audit log. No content of a message or file. */
    READ,
    /** Use it: read and send messages and files, follow events, end sessions. */
    OPERATE,
    /** Decide: whom to trust, whom to dial, what the store keeps. */
    ADMINISTER;

    boolean includes(Permission other) {
        return compareTo(other) >= 0;
    }
}
