package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How many messages, and bytes of them, there are: in all and of each peer; with the most that there may be. Thread-safe. */
public final class Usage {

    /** @param messages how many, @param bytes of their contents */
    public record Amount(long messages, long bytes) {
        static final Amount NONE = new Amount(0, 0);

        private Amount plus(long moreMessages, long moreBytes) {
            return new Amount(messages + moreMessages, bytes + moreBytes);
        }

        private boolean within(Amount most) {
            return messages <= most.messages && bytes <= most.bytes;
        }
    }

    private final Amount mostInAll;
    private final Amount mostPerPeer;
    private final Map<PeerId, Amount> byPeer = new HashMap<>();
    private Amount inAll = Amount.NONE;

    Usage(Amount mostInAll, Amount mostPerPeer) {
        this.mostInAll = mostInAll;
        this.mostPerPeer = mostPerPeer;
    }

    /** Counts what was there before, whatever the quotas say. */
    synchronized void load(PeerId peer, Amount amount) {
        change(peer, amount.messages(), amount.bytes());
    }

    /**
     * Counts a message of {@code size} bytes to each peer, or to none.
     *
     * @return the quota that is used up
     */
    synchronized Optional<String> take(Collection<PeerId> peers, long size) {
        for (PeerId peer : peers) {
            Amount now = byPeer.getOrDefault(peer, Amount.NONE);
            if (!now.plus(1, size).within(mostPerPeer)) {
                return Optional.of(
                        "%,d messages with %,d bytes of peer %s".formatted(now.messages(), now.bytes(), peer));
            }
        }
        if (!inAll.plus(peers.size(), size * peers.size()).within(mostInAll)) {
            return Optional.of("%,d messages with %,d bytes in all".formatted(inAll.messages(), inAll.bytes()));
        }
        peers.forEach(peer -> change(peer, 1, size));
        return Optional.empty();
    }

    synchronized void release(PeerId peer, long messages, long bytes) {
        change(peer, -messages, -bytes);
    }

    /** What is one peer's is another's from now on. */
    synchronized void move(PeerId from, PeerId to) {
        Amount amount = of(from);
        change(from, -amount.messages(), -amount.bytes());
        change(to, amount.messages(), amount.bytes());
    }

    public synchronized Amount inAll() {
        return inAll;
    }

    public synchronized Amount of(PeerId peer) {
        return byPeer.getOrDefault(peer, Amount.NONE);
    }

    public synchronized Map<PeerId, Amount> byPeer() {
        return Map.copyOf(byPeer);
    }

    private void change(PeerId peer, long messages, long bytes) {
        inAll = inAll.plus(messages, bytes);
        Amount now = byPeer.getOrDefault(peer, Amount.NONE).plus(messages, bytes);
        if (now.messages() == 0) {
            byPeer.remove(peer);
        } else {
            byPeer.put(peer, now);
        }
    }
}
