package dev.parley.lab;

/** What an attack has shown. */
public enum Verdict {
    /** It beat the control, failed against live nodes, which still serve an honest peer and have it in their net.log. */
    BLOCKED,
    /** It worked against live nodes. */
    SUCCEEDED,
    /** Nothing: it did not even beat the control, or something went otherwise than success or the expected failure. */
    INCONCLUSIVE
}
