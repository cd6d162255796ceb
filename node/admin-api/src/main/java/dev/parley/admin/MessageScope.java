package dev.parley.admin;

/** To whom a message was sent. */
public enum MessageScope {
    /** To one peer. */
    DIRECT,
    /** To all peers. */
    BROADCAST,
    /** To the members of a group. */
    GROUP
}
