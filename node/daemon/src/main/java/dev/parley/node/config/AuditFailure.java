package dev.parley.node.config;

/** What the node does when net.log cannot be written. */
public enum AuditFailure {
    /** It closes its sessions and takes none until it can: nothing happens that is not logged. */
    STOP,
    /** It goes on, and says so; what was not logged is counted. */
    CONTINUE;

    /** The value as it is written in the configuration. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
