package dev.parley.node.message;

import java.util.List;

/** What has come in. Thread-safe. */
public interface Inbox {

    /** Keeps a message. Ids count within one sender. @return false: it was known already, and nothing changed */
    boolean add(IncomingMessage message);

    /** The newest {@code limit} messages, newest first. */
    List<IncomingMessage> newest(int limit);
}
