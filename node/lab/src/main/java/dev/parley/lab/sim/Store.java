package dev.parley.lab.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What a node keeps through a crash: its outbox, and which messages it has. */
final class Store {
    /** A message in an outbox. */
    static final class Outgoing {
        final UUID id;
        final long sentAt;
        final byte[] payload;
        /** The peer has acknowledged it, and that is durable. */
        boolean settled;

        Outgoing(UUID id, long sentAt, byte[] payload) {
            this.id = id;
            this.sentAt = sentAt;
            this.payload = payload;
        }
    }

    private final Map<Integer, List<Outgoing>> outbox = new HashMap<>();
    private final Map<Integer, Set<UUID>> inbox = new HashMap<>();

    List<Outgoing> outbox(int peer) {
        return outbox.computeIfAbsent(peer, ignored -> new ArrayList<>());
    }

    boolean settled(int peer) {
        return outbox(peer).stream().allMatch(each -> each.settled);
    }

    /** Returns whether it is new. */
    boolean keep(int peer, UUID id) {
        return inbox.computeIfAbsent(peer, ignored -> new HashSet<>()).add(id);
    }
}
