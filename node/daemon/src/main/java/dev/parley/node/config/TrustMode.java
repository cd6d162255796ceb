package dev.parley.node.config;

/** What happens to a peer that proves a key which this node has never met. */
public enum TrustMode {
    /** It waits until the operator approves it. */
    APPROVE,
    /** It is trusted, and its key pinned. */
    FIRST_USE,
    /** It is let in if a certificate authority vouches for its key, and refused otherwise. */
    CA;

    /** The value as it is written in the configuration: {@code approve}, {@code first-use} or {@code ca}. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
