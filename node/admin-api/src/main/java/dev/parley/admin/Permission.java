package dev.parley.admin;

/** What a caller of the admin socket may do; each includes those before it. */
public enum Permission {
    /** Look at the node, but into no message or file. */
    READ,
    /** Read and send messages and files too. */
    OPERATE,
    /** All. */
    ADMINISTER
}
