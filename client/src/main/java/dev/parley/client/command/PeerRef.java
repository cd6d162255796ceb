package dev.parley.client.command;

import dev.parley.client.http.Request;
import java.util.Locale;

/** A peer as the user names it: alias, PeerId, or beginning of one; the node resolves it. */
final class PeerRef {
    /** Where an option or parameter takes one. */
    static final String DESCRIPTION = "Alias, id, or unique beginning of the id.";

    private PeerRef() {}

    /** A PeerId may be pasted in its groups of four. */
    static String of(String text) {
        String joined = text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        return !joined.equals(text) && joined.matches("[a-z2-7]{52}") ? joined : text;
    }

    /** For a path. */
    static String encoded(String text) {
        String ref = of(text);
        // A segment of dots alone would be taken for a step in the path.
        if (ref.isEmpty() || ref.matches("\\.{1,2}")) {
            throw Failure.usage("'" + ref + "' is not the name of a peer", "`parley peers` lists them");
        }
        return Request.encode(ref);
    }

    /** Whether a peer with this alias and id is meant. */
    static boolean fits(String text, String alias, String peerId) {
        String ref = of(text);
        return ref.equals(alias) || peerId != null && ref.length() >= 4 && peerId.startsWith(ref);
    }
}
