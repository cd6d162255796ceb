package dev.parley.client.http;

import java.io.IOException;

/** No usable reply; the message is one line for the user. */
public final class TransportException extends IOException {
    private static final long serialVersionUID = 1;

    /** What went wrong, as far as the user can act on it. */
    public enum Kind {
        /** There is no socket, or nobody listens on it. */
        UNREACHABLE,
        /** This user may not open the socket. */
        DENIED,
        /** The socket's path is longer than the system allows. */
        BAD_PATH,
        /** The node did not answer in time. */
        TIMED_OUT,
        /** The node went away in the middle. */
        CUT_OFF,
        /** What answered is not HTTP as a node speaks it. */
        MALFORMED
    }

    private final Kind kind;

    public TransportException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
