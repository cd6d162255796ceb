package dev.parley.evidence;

/**
 * Something that does not hold, or that one should know.
 *
 * @param kind what kind of thing
 * @param file in which file
 * @param line number in that file, from 1; 0 if it is not about one line
 * @param seq number of the line in the log; 0 if it has none
 * @param text in words
 */
public record Finding(Kind kind, String file, long line, long seq, String text) {

    /** What is wrong. Those that are no breaks are only told. */
    public enum Kind {
        /** A line is not the one that was written. */
        EDITED(true),
        /** Lines are missing. */
        DELETED(true),
        /** A line is there twice, or one too many. */
        INSERTED(true),
        /** Lines are in another order. */
        REORDERED(true),
        /** The log ends before a line that somebody else vouches for. */
        CUT(true),
        /** Lines are of another node, or of an identity from which nothing leads to the one that was asked for. */
        SPLICED(true),
        /** An anchor is not signed by the identity: the chain was made anew by somebody without its key. */
        RECHAINED(true),
        /** A checkpoint is not signed by the key that the one before announced. */
        RESEALED(true),
        /** A line is not the one that somebody else vouches for: the log was written anew, with the node's keys. */
        REPLACED(true),
        /** Lines have no chain. */
        UNSEALED(true),
        /** The chain of keys is broken, and begun anew by the node. */
        KEY_LOST(true),
        /** The clock runs backwards. */
        CLOCK_BACKWARDS(true),
        /** The node said that its clock was set back. */
        CLOCK_SET_BACK(false),
        /** A crash has torn a line, and the node said so. */
        TORN_LINE(false),
        /** The log ends inside of a line. */
        TORN_END(false),
        /** The log does not end with a stop. */
        NO_STOP(false),
        /** The log begins with a file that follows others. */
        BEGINS_LATER(false),
        /** The node has another identity from here on, and both have signed that. */
        IDENTITY_CHANGED(false),
        /** The identity was not given: it is the one that the log names. */
        IDENTITY_UNKNOWN(false),
        /** A head that cannot be used. */
        HEAD_IGNORED(false);

        private final boolean broken;

        Kind(boolean broken) {
            this.broken = broken;
        }

        /** Whether the log does not hold. */
        public boolean isBroken() {
            return broken;
        }
    }
}
