package dev.parley.client.command;

/** What a command ends with; part of the interface, listed in the README. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** Something failed that no other code names: a bug, a broken answer, a full disk. */
    public static final int FAILED = 1;
    /** The arguments make no sense. */
    public static final int USAGE = 2;
    /** There is no node on the socket, or this user may not use it. */
    public static final int UNREACHABLE = 3;
    /** The node, or the peer, refused. */
    public static final int REFUSED = 4;
    /** What was waited for did not come in time. */
    public static final int TIMED_OUT = 5;
    /** No such peer, session, connection or message; or the name fits several. */
    public static final int NOT_FOUND = 6;
    /** Whoever answered is not trusted: unknown and not accepted, not the one expected, or with a changed key. */
    public static final int NOT_TRUSTED = 7;

    /** The audit log does not hold: it was changed, cut, or its chain is broken. */
    public static final int BROKEN = 8;

    /** {@code parley doctor} has found a problem. */
    public static final int PROBLEM = 9;

    /** {@code parley doctor} has found something to look at, and no problem. */
    public static final int WARNING = 10;

    private ExitCode() {}
}
