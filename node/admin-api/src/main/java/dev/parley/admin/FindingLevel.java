package dev.parley.admin;

/** What a check has come to, the least first. */
public enum FindingLevel {
    /** As it should be. */
    OK,
    /** It could not be found out. */
    UNKNOWN,
    /** It works, and somebody should look at it. */
    WARNING,
    /** Something does not work, or will not after the next start. */
    PROBLEM
}
