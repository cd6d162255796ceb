package dev.parley.node.net;

import dev.parley.protocol.crypto.PeerId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The addresses that DNS has, and which of them to dial now. Of two nodes that both find each other the one with the lower address
 * dials ({@link PeerAddress}): so much both know before they have met. A node that does not find itself among them dials all, for who
 * does not see it cannot dial it. And where the other ought to dial but there is no session for a while, because it sees things
 * differently, this one dials all the same; the protocol then keeps one of two sessions. Not thread-safe; no clock, no network.
 */
final class PeerTable {

    static final int DIALS_AT_ONCE = 16;
    /** Milliseconds that a dial and its handshake may take on a busy machine. */
    private static final long PATIENCE_LEAST = 5_000;

    /**
     * A session that is up.
     *
     * @param dialed where it was dialed, if this node did
     * @param from where it came from, if the peer did
     * @param advertised {@code host:port} that the peer says it can be dialed at; may be empty
     */
    record Live(PeerId peer, Optional<PeerAddress> dialed, Optional<InetAddress> from, String advertised) {}

    /** What another answer of DNS changed; each in the order of addresses. */
    record Change(List<PeerAddress> found, List<PeerAddress> gone) {
        boolean isNone() {
            return found.isEmpty() && gone.isEmpty();
        }
    }

    /** Why a dial came to nothing, and when. */
    record Failure(DialOutcome outcome, Instant at) {}

    /**
     * Where an address stands.
     *
     * @param peer who was met there; empty before the first meeting
     * @param self whether it is this node's own
     * @param ours whether it is for this node to dial it, not the other way round
     * @param attempts dials since the last session
     * @param failure of the last of these; empty when none has failed
     */
    record Standing(
            PeerAddress address,
            Optional<PeerId> peer,
            boolean self,
            boolean connected,
            boolean ours,
            int attempts,
            Optional<Failure> failure) {}

    private final long patienceLeast;
    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private final TreeMap<PeerAddress, Entry> entries = new TreeMap<>();
    /** Dials under way, to what is gone meanwhile too: however fast DNS changes, there are not more of them. */
    private final Set<PeerAddress> dialing = new HashSet<>();

    private static final class Entry {
        final Backoff backoff;
        /** When it was found, or its session was lost. */
        long since;
        /** How long the other is given to dial. */
        long patience;

        long notBefore = Long.MIN_VALUE;
        int attempts;
        boolean connected;
        boolean self;
        Optional<PeerId> peer = Optional.empty();
        Optional<Failure> failure = Optional.empty();

        Entry(Backoff backoff) {
            this.backoff = backoff;
        }
    }

    /**
     * @param every how often DNS is asked: the other is given two to three times that, and 5 s at least, since it may see this node so much
     *     later
     * @param first and {@code most}: as of {@link Backoff}, after a dial that failed
     */
    PeerTable(Duration every, Duration first, Duration most, RandomGenerator random) {
        this.patienceLeast = Math.max(every.toMillis() * 2, PATIENCE_LEAST);
        this.first = first;
        this.most = most;
        this.random = random;
    }

    int size() {
        return entries.size();
    }

    /** DNS has these addresses now. What is gone is dialed no more; its session, if there is one, is nobody's business here. */
    Change update(Set<PeerAddress> now, long at) {
        List<PeerAddress> gone =
                entries.keySet().stream().filter(each -> !now.contains(each)).toList();
        gone.forEach(entries::remove);
        List<PeerAddress> found =
                now.stream().filter(each -> !entries.containsKey(each)).sorted().toList();
        for (PeerAddress each : found) {
            Entry entry = new Entry(new Backoff(first, most, random));
            waitFrom(entry, at);
            entries.put(each, entry);
        }
        return new Change(found, gone);
    }

    /**
     * The addresses to dial now; each is under way from here on, until {@link #reached}, {@link #isSelf} or {@link #failed}.
     *
     * @param own this node's addresses, as far as it knows them
     * @param away peers that have said that they are not there now
     */
    List<PeerAddress> due(long at, Set<PeerAddress> own, Collection<Live> live, Predicate<PeerId> away) {
        Sessions sessions = new Sessions(live);
        Optional<PeerAddress> lowestOwn = lowestOwn(own);
        List<PeerAddress> due = new ArrayList<>();
        entries.forEach((address, entry) -> {
            if (entry.self || own.contains(address)) {
                return;
            }
            Optional<PeerId> peer = sessions.with(address, entry);
            if (peer.isPresent()) {
                entry.connected = true;
                entry.peer = peer;
                entry.attempts = 0;
                entry.failure = Optional.empty();
                entry.backoff.reset();
                return;
            }
            if (entry.connected) {
                // All who lost it are here now: they do not come back in one wave.
                entry.connected = false;
                entry.notBefore = at + entry.backoff.next();
                waitFrom(entry, at);
            }
            boolean ours = lowestOwn.isEmpty() || lowestOwn.get().compareTo(address) < 0;
            long from = Math.max(entry.notBefore, ours ? entry.since : entry.since + entry.patience);
            if (at >= from
                    && dialing.size() < DIALS_AT_ONCE
                    && entry.peer.filter(away).isEmpty()
                    && dialing.add(address)) {
                entry.attempts++;
                due.add(address);
            }
        });
        return due;
    }

    /** How often in a row an address was dialed, this time included; 0 where it is gone. */
    int attempts(PeerAddress address) {
        Entry entry = entries.get(address);
        return entry == null ? 0 : entry.attempts;
    }

    /** A dial has become a session. */
    void reached(PeerAddress address, PeerId peer) {
        over(address).ifPresent(entry -> {
            entry.peer = Optional.of(peer);
            entry.connected = true;
            entry.failure = Optional.empty();
        });
    }

    /** A dial has met this node itself. */
    void isSelf(PeerAddress address) {
        over(address).ifPresent(entry -> entry.self = true);
    }

    /** A dial came to nothing. @param peer who answered and proved it, if anybody did */
    void failed(PeerAddress address, Optional<PeerId> peer, long at) {
        over(address).ifPresent(entry -> {
            entry.peer = peer.or(() -> entry.peer);
            entry.notBefore = at + entry.backoff.next();
        });
    }

    /** What a dial came to nothing with, for whoever asks. */
    void note(PeerAddress address, Failure failure) {
        Optional.ofNullable(entries.get(address)).ifPresent(entry -> entry.failure = Optional.of(failure));
    }

    /** Where all of them stand, in their order; as of {@link #due}. */
    List<Standing> standings(Set<PeerAddress> own, Collection<Live> live) {
        Sessions sessions = new Sessions(live);
        Optional<PeerAddress> lowestOwn = lowestOwn(own);
        List<Standing> all = new ArrayList<>();
        entries.forEach((address, entry) -> {
            Optional<PeerId> here = sessions.with(address, entry);
            all.add(new Standing(
                    address,
                    here.or(() -> entry.peer),
                    entry.self || own.contains(address),
                    here.isPresent(),
                    lowestOwn.isEmpty() || lowestOwn.get().compareTo(address) < 0,
                    entry.attempts,
                    entry.failure));
        });
        return all;
    }

    /** Something about a peer has changed for the better: where it was met it is dialed without waiting longer. */
    void retryNow(PeerId peer) {
        entries.values().stream()
                .filter(entry -> entry.peer.filter(peer::equals).isPresent())
                .forEach(entry -> {
                    entry.notBefore = Long.MIN_VALUE;
                    entry.patience = 0;
                });
    }

    /** What kept peers apart may be gone: no address is waited with for long, however often it was dialed in vain. */
    void retryAll(long at) {
        entries.values().forEach(entry -> entry.notBefore = Math.min(entry.notBefore, at + entry.backoff.soon()));
    }

    private Optional<PeerAddress> lowestOwn(Set<PeerAddress> own) {
        return entries.entrySet().stream()
                .filter(each -> each.getValue().self || own.contains(each.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Optional<Entry> over(PeerAddress address) {
        dialing.remove(address);
        return Optional.ofNullable(entries.get(address));
    }

    private void waitFrom(Entry entry, long at) {
        entry.since = at;
        entry.patience = patienceLeast + random.nextLong(patienceLeast / 2 + 1);
    }

    /** The sessions there are, by all that may show which address is behind one. */
    private final class Sessions {
        private final Set<PeerId> peers = new HashSet<>();
        private final Map<PeerAddress, PeerId> dialed = new HashMap<>();
        private final Map<String, PeerId> advertised = new HashMap<>();
        private final Map<InetAddress, PeerId> from = new HashMap<>();
        private final Map<InetAddress, Integer> ports = new HashMap<>();

        Sessions(Collection<Live> live) {
            for (Live each : live) {
                peers.add(each.peer());
                each.dialed().ifPresent(address -> dialed.put(address, each.peer()));
                each.from().ifPresent(address -> from.put(address, each.peer()));
                advertised.put(each.advertised(), each.peer());
            }
            entries.keySet().forEach(each -> ports.merge(each.ip(), 1, Integer::sum));
        }

        Optional<PeerId> with(PeerAddress address, Entry entry) {
            return Optional.ofNullable(dialed.get(address))
                    .or(() -> Optional.ofNullable(advertised.get(address.toString())))
                    // Where several share an address it does not show which of them came from there.
                    .or(() -> Optional.ofNullable(ports.get(address.ip()) == 1 ? from.get(address.ip()) : null))
                    .or(() -> entry.peer.filter(peers::contains));
        }
    }
}
