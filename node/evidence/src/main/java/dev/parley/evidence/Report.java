package dev.parley.evidence;

import java.util.List;

/**
 * What the verification of a log has shown.
 *
 * @param peer PeerId of the node whose log it is: the one that was asked for, else the last one that the log names; null if neither
 * @param identities PeerIds that the node has had in it one after the other, as far as it holds; one, unless it changed its key
 * @param files read, in their order
 * @param lines that hold, torn ones not among them
 * @param firstSeq number of the first line that holds; 0 if none
 * @param lastSeq number of the last line that holds
 * @param from time of the first line that holds; null if none
 * @param to time of the last line that holds
 * @param lastHash SHA-256 over the last line that holds; null if none
 * @param checkpoints that hold
 * @param anchors those of them that the identity has signed
 * @param starts of the node
 * @param torn lines that crashes have torn
 * @param unsealed lines that hold, at the end, which no checkpoint covers yet
 * @param heads from outside that were compared and agree
 * @param broken what does not hold, the first thing first; empty if all holds
 * @param notes what one should know
 */
public record Report(
        String peer,
        List<String> identities,
        List<String> files,
        long lines,
        long firstSeq,
        long lastSeq,
        String from,
        String to,
        byte[] lastHash,
        long checkpoints,
        long anchors,
        long starts,
        long torn,
        long unsealed,
        int heads,
        List<Finding> broken,
        List<Finding> notes) {

    /** Whether nothing was found that does not hold. */
    public boolean holds() {
        return broken.isEmpty();
    }
}
