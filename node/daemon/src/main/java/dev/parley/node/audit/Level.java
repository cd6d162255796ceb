package dev.parley.node.audit;

/** How much an event deserves attention. */
public enum Level {
    /** The life of the node going as it should. */
    INFO,
    /** Something failed or was turned away; the node goes on as it should. */
    WARN,
    /** A sign of an attack, or of the node not working as it should: somebody ought to look. */
    ALARM
}
