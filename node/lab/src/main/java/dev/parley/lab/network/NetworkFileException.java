package dev.parley.lab.network;

/** What is wrong with a network's file, and in which line. */
public final class NetworkFileException extends Exception {
    private static final long serialVersionUID = 1L;

    NetworkFileException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
