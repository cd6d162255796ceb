package dev.parley.client.node;

import java.io.IOException;

/** The node answered something that this client cannot use; the message is one line for the user. */
public final class BadReplyException extends IOException {
    private static final long serialVersionUID = 1;

    public BadReplyException(String message) {
        super(message);
    }
}
