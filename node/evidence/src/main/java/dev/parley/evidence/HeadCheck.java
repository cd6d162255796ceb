package dev.parley.evidence;

import dev.parley.evidence.Finding.Kind;
import dev.parley.protocol.crypto.PeerId;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the lines of a log with the heads that somebody else has kept of it. */
final class HeadCheck {
    private final List<SignedHead> heads;
    private final Map<SignedHead, Finding> differing = new HashMap<>();
    private int next;
    private final Set<SignedHead> same = new HashSet<>();

    HeadCheck(List<SignedHead> heads) {
        this.heads =
                heads.stream().sorted(Comparator.comparingLong(SignedHead::seq)).toList();
    }

    /** In the order of their numbers. */
    void line(long seq, byte[] hash, String file, long number) {
        while (next < heads.size() && heads.get(next).seq() <= seq) {
            var head = heads.get(next++);
            if (head.seq() == seq && !Arrays.equals(head.hash(), hash)) {
                differing.put(
                        head,
                        new Finding(
                                Kind.REPLACED,
                                file,
                                number,
                                seq,
                                "this is not the line that the node vouched for on " + head.time()
                                        + ": the log was written anew since then"));
            } else if (head.seq() == seq) {
                same.add(head);
            }
        }
    }

    /** How many lines are the ones that somebody vouches for; final after {@link #report}. */
    int agreeing() {
        return same.size();
    }

    /**
     * @param identities that the node has had in its log; each may vouch for any line, those of the time before it among them
     * @param lastSeq of what was verified; beyond it lines are missing
     */
    void report(
            Map<PeerId, RSAPublicKey> identities,
            long lastSeq,
            long firstSeq,
            String file,
            List<Finding> broken,
            List<Finding> notes) {
        List<SignedHead> beyond = new ArrayList<>();
        for (var head : heads) {
            var identity = identities.get(head.peer());
            if (identity == null) {
                ignore(head, "it is of another node, " + head.peer(), notes);
            } else if (!head.isRemembered() && !head.signedBy(identity)) {
                ignore(head, "its signature is wrong", notes);
            } else if (differing.containsKey(head)) {
                broken.add(differing.get(head));
            } else if (head.seq() < firstSeq) {
                ignore(head, "its line is in a file that is not here", notes);
            } else if (head.seq() > lastSeq) {
                beyond.add(head);
            }
        }
        if (!beyond.isEmpty()) {
            var furthest = beyond.getLast();
            broken.add(new Finding(
                    Kind.CUT,
                    file,
                    0,
                    lastSeq,
                    "the log ends with line " + lastSeq + ", but on " + furthest.time() + " it had line "
                            + furthest.seq() + ": the end was cut off, or its file is not here"));
        }
    }

    private void ignore(SignedHead head, String why, List<Finding> notes) {
        same.remove(head);
        notes.add(new Finding(
                Kind.HEAD_IGNORED, "", 0, head.seq(), "the head of line " + head.seq() + " says nothing here: " + why));
    }
}
