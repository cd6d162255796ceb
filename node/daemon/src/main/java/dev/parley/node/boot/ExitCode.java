package dev.parley.node.boot;

/** How the process ends; part of the node's interface. */
public enum ExitCode {
    /** Stopped as asked. */
    OK(0),
    /** Failed in a way that has no code of its own. */
    FAILED(1),
    /** A setting or {@code CREDENTIALS.txt} is wrong. */
    CONFIGURATION(2),
    /** Another process has the port. */
    PORT_IN_USE(3),
    /** Another node has the data directory. */
    DIRECTORY_IN_USE(4),
    /** The data directory, or something in it, is missing permissions, readable by others, or damaged. */
    STATE(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
