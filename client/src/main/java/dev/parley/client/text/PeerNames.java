package dev.parley.client.text;

/** How peers are named to people. */
public final class PeerNames {
    /** Enough of a PeerId to tell peers apart at a glance; never enough to trust one. */
    private static final int SHORT = 12;

    private static final int GROUP = 4;

    private PeerNames() {}

    /** The alias, else the beginning of the PeerId. */
    public static String of(String alias, String peerId) {
        return alias != null && !alias.isEmpty() ? Plain.line(alias) : brief(peerId);
    }

    /** The first characters of a PeerId, with an ellipsis. */
    public static String brief(String peerId) {
        if (peerId == null) {
            return "-";
        }
        return peerId.length() <= SHORT ? Plain.line(peerId) : Plain.line(peerId.substring(0, SHORT)) + "…";
    }

    /** A PeerId in groups of four, for comparing by eye and by voice. */
    public static String groups(String peerId) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < peerId.length(); i += GROUP) {
            out.append(i == 0 ? "" : " ").append(peerId, i, Math.min(i + GROUP, peerId.length()));
        }
        return Plain.line(out.toString());
    }
}
