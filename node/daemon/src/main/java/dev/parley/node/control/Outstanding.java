package dev.parley.node.control;

import dev.parley.node.message.History;
import dev.parley.node.message.Messages;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

/** What of a peer's messages is still to be read, or to be delivered. */
@ApplicationScoped
class Outstanding {
    // Looked up late: messages tell the event stream, which shows peers, which shows what is outstanding.
    private final Instance<History> history;
    private final Instance<Messages> messages;

    Outstanding(Instance<History> history, Instance<Messages> messages) {
        this.history = history;
        this.messages = messages;
    }

    long unread(PeerId peer) {
        return history.get().unread(peer);
    }

    long waiting(PeerId peer) {
        return messages.get().waiting().of(peer).messages();
    }
}
