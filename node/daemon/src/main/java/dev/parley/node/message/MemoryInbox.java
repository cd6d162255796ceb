package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An inbox in memory: the newest {@value #MESSAGES_KEPT} messages or {@value #BYTES_KEPT} bytes of them, and the newest
 * {@value #IDS_KEPT} ids of each peer, so that a message that comes again is not shown again.
 */
@ApplicationScoped
public class MemoryInbox implements Inbox {

    static final int MESSAGES_KEPT = 10_000;
    static final long BYTES_KEPT = 64L << 20;
    static final int IDS_KEPT = 100_000;

    private final Deque<IncomingMessage> newest = new ArrayDeque<>();
    private final Map<PeerId, LinkedHashSet<UUID>> known = new HashMap<>();
    private long bytes;

    @Override
    public synchronized boolean add(IncomingMessage message) {
        LinkedHashSet<UUID> ids = known.computeIfAbsent(message.from(), key -> new LinkedHashSet<>());
        if (!ids.add(message.record().id())) {
            return false;
        }
        if (ids.size() > IDS_KEPT) {
            ids.removeFirst();
        }
        newest.addFirst(message);
        bytes += message.record().payload().length;
        while (newest.size() > MESSAGES_KEPT || bytes > BYTES_KEPT) {
            bytes -= newest.removeLast().record().payload().length;
        }
        return true;
    }

    @Override
    public synchronized List<IncomingMessage> newest(int limit) {
        return newest.stream().limit(limit).toList();
    }
}
