package dev.parley.lab.control;

import dev.parley.lab.Defence;
import dev.parley.lab.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** One side of the control: listens, dials, keeps what it has to send, and shows what it has been sent. Thread-safe. */
public final class Peer implements Closeable {
    private static final Duration REDIAL = Duration.ofMillis(20);
    private static final long POLL_MILLIS = 2;

    private final String name;
    private final Keys keys;
    private final Set<Defence> without;
    private final Journal journal;
    private final AtomicLong reserved = new AtomicLong();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private volatile Door door;
    private volatile boolean stopped;

    // What outlives a restart.
    private final Map<String, PublicKeys> known = new ConcurrentHashMap<>();
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private final Map<String, Map<Long, String>> outbox = new ConcurrentHashMap<>();
    private final Set<String> delivered = new HashSet<>();
    private final AtomicLong ids = new AtomicLong();

    /** A message that is shown. */
    public record Heard(String from, String text) {}

    Peer(String name, Set<Defence> without, Journal journal) throws IOException {
        this.name = name;
        this.keys = OwnKeys.of(name);
        this.without = without;
        this.journal = journal;
        door = new Door(without, this::answer);
    }

    public String name() {
        return name;
    }

    /** What everybody can know of it. */
    public PublicKeys shown() {
        return keys.shown();
    }

    /** Its private keys: what a thief of its disk has. */
    public Keys keys() {
        return keys;
    }

    public InetSocketAddress address() {
        return door.address();
    }

    /** From now on this name stands for these keys, and its holder is welcome. */
    public void know(PublicKeys peer) {
        known.put(peer.name(), peer);
    }

    /** Whoever has this name is not welcome any more, and a session with it ends. */
    public void block(String peer) {
        blocked.add(peer);
        Session session = sessions.remove(peer);
        if (session != null) {
            session.close();
        }
    }

    /** All messages shown so far. */
    public List<Heard> heard() {
        return List.copyOf(heard);
    }

    /** The texts shown of one sender, in order. */
    public List<String> heardFrom(String sender) {
        return heard.stream()
                .filter(each -> each.from().equals(sender))
                .map(Heard::text)
                .toList();
    }

    /** How its sessions ended and its handshakes failed, in order, in words. */
    public List<String> ends() {
        return List.copyOf(ends);
    }

    /** The live session with a name, null if there is none. */
    public Session session(String peer) {
        return sessions.get(peer);
    }

    /** How many messages to a name are kept for it. */
    public int waiting(String peer) {
        Map<Long, String> box = outbox.get(peer);
        synchronized (outbox) {
            return box == null ? 0 : box.size();
        }
    }

    /** How many handshakes are under way at its door. */
    public int halfOpen() {
        return door.halfOpen();
    }

    /** Bytes of memory given to frames that have not come yet. */
    public long reserved() {
        return reserved.get();
    }

    /**
     * Dials, and has a session.
     *
     * @throws IOException if there is none: it says why
     */
    public Session dial(InetSocketAddress address, String peer) throws IOException {
        Line line = null;
        try {
            Socket socket = new Socket();
            socket.connect(address, 5_000);
            socket.setSoTimeout(5_000);
            line = new Line(socket, !without.contains(Defence.LENGTH_LIMITS), reserved);
            Established established = Handshake.initiate(line, keys, without, claimed -> {
                if (!claimed.name().equals(peer)) {
                    throw new IOException(claimed.name() + " answers where " + peer + " should");
                }
                admit(claimed);
            });
            socket.setSoTimeout(0);
            return begin(line, established);
        } catch (IOException e) {
            if (line != null) {
                line.close();
            }
            end("no session with " + peer + ": " + e.getMessage());
            throw e;
        }
    }

    /** Dials again whenever there is no session, until it is closed. */
    public void keep(InetSocketAddress address, String peer) {
        Thread.ofVirtual().name(name + " keeps " + peer).start(() -> {
            while (!stopped) {
                if (!sessions.containsKey(peer)) {
                    try {
                        dial(address, peer);
                    } catch (IOException e) {
                        // Once more, soon.
                    }
                }
                try {
                    Thread.sleep(REDIAL);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** Sends a message: now, if there is a session; later, if it is kept. @return its id */
    public long say(String peer, String text) {
        long id = ids.incrementAndGet();
        if (!without.contains(Defence.DURABLE_OUTBOX)) {
            synchronized (outbox) {
                outbox.computeIfAbsent(peer, any -> new LinkedHashMap<>()).put(id, text);
            }
        }
        Session session = sessions.get(peer);
        if (session != null) {
            try {
                session.message(id, text);
            } catch (IOException e) {
                // The session is gone: what is kept goes out on the next.
            }
        }
        return id;
    }

    /** Its process ends and begins again: what was in memory is gone, what is durable stays. The address is another one. */
    public void restart() throws IOException {
        door.close();
        sessions.values().forEach(Session::abort);
        sessions.clear();
        door = new Door(without, this::answer);
    }

    /** Waits for something to become true. @return whether it did in time */
    public static boolean await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    private void answer(Socket socket) {
        Line line = null;
        try {
            line = new Line(socket, !without.contains(Defence.LENGTH_LIMITS), reserved);
            Established established = Handshake.respond(line, keys, without);
            admit(established.peer());
            begin(line, established);
        } catch (IOException e) {
            end("handshake failed: " + e.getMessage());
            if (line != null) {
                line.close();
            }
        } finally {
            door.leave(socket);
        }
    }

    private void admit(PublicKeys claimed) throws IOException {
        PublicKeys pinned = known.get(claimed.name());
        if (!without.contains(Defence.APPROVAL) && (pinned == null || blocked.contains(claimed.name()))) {
            throw new IOException(claimed.name() + " is not known here, or is blocked");
        }
        if (!without.contains(Defence.PINNING) && pinned != null && !pinned.sameKeys(claimed)) {
            throw new IOException(claimed.name() + " has another key than before");
        }
    }

    private Session begin(Line line, Established established) throws IOException {
        Session session = new Session(line, established, without, new Desk());
        String peer = established.peer().name();
        journal.defender(name + " has a " + established);
        Session before = sessions.put(peer, session);
        Thread.ofVirtual().name(name + " with " + peer).start(session::run);
        if (before != null) {
            before.abort();
        }
        Map<Long, String> kept;
        synchronized (outbox) {
            kept = new LinkedHashMap<>(outbox.getOrDefault(peer, Map.of()));
        }
        for (Map.Entry<Long, String> each : kept.entrySet()) {
            session.message(each.getKey(), each.getValue());
        }
        return session;
    }

    private void end(String how) {
        ends.add(how);
        journal.defender(name + ": " + how);
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        door.close();
        sessions.values().forEach(Session::abort);
    }

    /** What the sessions bring. */
    private final class Desk implements Session.Owner {
        @Override
        public boolean message(Session session, long id, String text) {
            String from = session.established().peer().name();
            synchronized (delivered) {
                boolean first = delivered.add(from + " " + id);
                if (first || without.contains(Defence.DELIVERY_IDS)) {
                    heard.add(new Heard(from, text));
                    journal.defender(name + " shows of " + from + ": " + text);
                }
            }
            return true;
        }

        @Override
        public void acknowledged(Session session, long id) {
            synchronized (outbox) {
                outbox.getOrDefault(session.established().peer().name(), new LinkedHashMap<>())
                        .remove(id);
            }
        }

        @Override
        public void ended(Session session, String how) {
            String peer = session.established().peer().name();
            end("session with " + peer + " " + how);
            sessions.remove(peer, session);
        }
    }
}
