package dev.parley.node.config;

/** Whose files are taken without asking the operator. */
public enum FileAcceptance {
    /** Nobody's. */
    ASK,
    /** Those of peers whose id the operator has compared. */
    VERIFIED,
    /** Those of every peer that is let in. */
    TRUSTED
}
