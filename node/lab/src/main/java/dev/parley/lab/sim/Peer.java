package dev.parley.lab.sim;

import dev.parley.protocol.Ending;
import dev.parley.protocol.SessionChooser;
import dev.parley.protocol.SessionChooser.Action;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a running node does about one peer: dials, keeps one session, sends what waits, takes what comes. */
final class Peer {
    private static final long BACKOFF_FIRST = 1_000;
    private static final long BACKOFF_MOST = 300_000;
    /** A full node still has room for this many bytes. */
    private static final int SMALL = 100;

    private final World world;
    private final SimNode node;
    private final int peer;
    private final boolean wanted;

    private final List<Conn> sessions = new ArrayList<>();
    private final Map<Conn, Delivery> deliveries = new LinkedHashMap<>();
    private SessionChooser<Conn> chooser;
    private long tickAt = Long.MAX_VALUE;

    private boolean dialing;
    private boolean dialArmed;
    private int failures;

    /** On its way over a session: no other sends it, or what follows it. */
    private final Set<UUID> claimed = new HashSet<>();

    private final Set<UUID> answered = new HashSet<>();
    private int refusals;

    Peer(World world, SimNode node, int peer, boolean wanted) {
        this.world = world;
        this.node = node;
        this.peer = peer;
        this.wanted = wanted;
    }

    /** The node has started. */
    void begin() {
        if (wanted) {
            node.after(world.random().nextLong(500), this::dialWanted);
        }
    }

    /** Says whether nothing is under way, and one session stands where one is wanted by either side. */
    Optional<Conn> settledOn() {
        return sessions.size() == 1 && sessions.getFirst().isUp() && !dialing
                ? Optional.of(sessions.getFirst())
                : Optional.empty();
    }

    boolean idle() {
        return sessions.isEmpty() && !dialing;
    }

    // ---- dialing

    private void dialWanted() {
        if (live().isEmpty()) {
            dial();
        }
    }

    private void dial() {
        if (!dialing) {
            dialing = true;
            world.trace(() -> "n" + node.index() + " dials n" + peer);
            node.dial(peer, this::dialFailed);
        }
    }

    /** No TCP connection came up. */
    private void dialFailed(String why) {
        world.trace(() -> "n" + node.index() + " does not reach n" + peer + ": " + why);
        dialing = false;
        later();
    }

    /** A connection that was dialed has ended. */
    void dialOver(Conn conn, boolean wasUp, Ending ending) {
        if (!wasUp) {
            dialing = false;
            later();
        }
    }

    private void later() {
        if (!wanted || dialArmed || live().isPresent() || world.has(Defect.NO_REDIAL)) {
            return;
        }
        dialArmed = true;
        long base = world.random().nextLong(BACKOFF_FIRST, 5 * BACKOFF_FIRST + 1);
        long doubled = base << Math.min(failures++, 20);
        long wait = doubled <= BACKOFF_MOST ? doubled : world.random().nextLong(BACKOFF_MOST / 2, BACKOFF_MOST + 1);
        node.after(wait, () -> {
            dialArmed = false;
            dialWanted();
        });
    }

    private Optional<Conn> live() {
        return sessions.stream().filter(Conn::usable).findFirst();
    }

    // ---- sessions

    void opened(Conn conn) {
        world.trace(() -> conn + " is up with n" + peer);
        if (conn.dialed() >= 0) {
            dialing = false;
            failures = 0;
            node.after(node.traits().maxAge(), () -> renew(conn));
        }
        if (chooser == null) {
            chooser = new SessionChooser<>(node.peerId(), node.peerIdOf(peer));
        }
        sessions.add(conn);
        List<Action<Conn>> actions = chooser.up(conn, conn.initiatedHere(), node.now());
        scheduleTick();
        Delivery delivery = new Delivery(conn);
        deliveries.put(conn, delivery);
        sessions.stream()
                .filter(other -> other != conn)
                .forEach(other -> deliveries.get(other).stepAside());
        delivery.pump();
        carryOut(actions);
    }

    void heard(Conn conn) {
        if (sessions.size() > 1) {
            carryOut(chooser.heard(conn, node.now()));
        }
    }

    void ended(Conn conn) {
        if (!sessions.remove(conn)) {
            return;
        }
        List<Action<Conn>> actions = chooser.ended(conn);
        if (sessions.isEmpty()) {
            chooser = null;
        }
        deliveries.remove(conn).end();
        live().ifPresent(other -> deliveries.get(preferred().orElse(other)).rewind());
        carryOut(actions);
        later();
    }

    /** An operator closes what there is. */
    void disconnect() {
        List.copyOf(sessions).forEach(each -> each.close(Failure.NORMAL));
    }

    private void renew(Conn conn) {
        if (sessions.contains(conn) && !world.healed()) {
            world.trace(() -> conn + " is old");
            dial();
        }
    }

    private Optional<Conn> preferred() {
        return sessions.stream()
                .filter(Conn::usable)
                .max(java.util.Comparator.comparingLong(each -> each.channel().lastHeard()));
    }

    private void scheduleTick() {
        long deadline = chooser == null ? Long.MAX_VALUE : chooser.deadline();
        if (deadline >= tickAt) {
            return;
        }
        tickAt = deadline;
        node.after(Math.max(1, deadline - node.now()), () -> {
            tickAt = Long.MAX_VALUE;
            if (chooser != null) {
                List<Action<Conn>> actions = chooser.tick(node.now());
                scheduleTick();
                carryOut(actions);
            }
        });
    }

    private void carryOut(List<Action<Conn>> actions) {
        if (world.has(Defect.NO_TIE_BREAK)) {
            return;
        }
        for (Action<Conn> action : actions) {
            switch (action) {
                case Action.Ping<Conn>(Conn session) -> session.ping();
                case Action.Close<Conn>(Conn session, Failure code) -> session.close(code);
            }
        }
    }

    // ---- messages

    /** A message became durable in the outbox. */
    void offer() {
        List.copyOf(deliveries.values()).forEach(Delivery::pump);
    }

    void writable(Conn conn) {
        Optional.ofNullable(deliveries.get(conn)).ifPresent(Delivery::pump);
    }

    void received(Conn conn, Record record) {
        Delivery delivery = deliveries.get(conn);
        if (delivery == null) {
            return;
        }
        switch (record) {
            case Record.Message message -> delivery.take(message);
            case Record.Ack ack -> {
                ack.entries().forEach(delivery::answered);
                delivery.pump();
            }
            default ->
                throw new Violation(conn + " received a " + record.getClass().getSimpleName());
        }
    }

    /** The way of messages over one session, in both directions. */
    private final class Delivery {
        private final Conn conn;
        private final Map<UUID, Store.Outgoing> inFlight = new LinkedHashMap<>();
        private int from;
        private boolean paused;
        private boolean over;
        /** The message that there was no room for; null: none. */
        private UUID refused;

        Delivery(Conn conn) {
            this.conn = conn;
        }

        void pump() {
            List<Store.Outgoing> outbox = node.store().outbox(peer);
            if (world.has(Defect.NEWEST_FIRST)) {
                outbox = outbox.reversed();
            }
            while (!over && !paused && from < outbox.size()) {
                Store.Outgoing next = outbox.get(from);
                if (next.settled || answered.contains(next.id) || inFlight.containsKey(next.id)) {
                    from++;
                    continue;
                }
                if (inFlight.size() >= node.traits().window() || claimed.contains(next.id)) {
                    return;
                }
                if (!conn.send(message(next))) {
                    return;
                }
                conn.soon();
                from++;
                claimed.add(next.id);
                inFlight.put(next.id, next);
                if (world.has(Defect.NO_RESEND)) {
                    node.commit(() -> next.settled = true, () -> {});
                }
            }
            if (world.has(Defect.NEWEST_FIRST)) {
                from = 0;
            }
        }

        void answered(Record.AckEntry entry) {
            Store.Outgoing message = inFlight.remove(entry.id());
            if (message == null) {
                return;
            }
            switch (entry.status()) {
                case STORED, DUPLICATE -> {
                    release(message.id);
                    answered.add(message.id);
                    refusals = 0;
                    node.commit(() -> message.settled = true, () -> {});
                }
                case REFUSED_FOR_NOW -> {
                    release(message.id);
                    retryLater();
                }
                case REFUSED -> throw new Violation(conn + " was refused a message for good");
            }
        }

        void rewind() {
            from = 0;
            paused = false;
            pump();
        }

        void stepAside() {
            paused = true;
            inFlight.keySet().forEach(Peer.this::release);
        }

        void end() {
            over = true;
            inFlight.keySet().forEach(Peer.this::release);
            inFlight.clear();
        }

        /** A message has come: it is answered once it is durable. */
        void take(Record.Message message) {
            boolean follows = refused != null && !refused.equals(message.id()) && !world.has(Defect.TAKES_WHAT_FOLLOWS);
            if (node.full() && message.payload().length > SMALL || follows) {
                refused = refused == null ? message.id() : refused;
                answer(message.id(), Record.AckStatus.REFUSED_FOR_NOW);
                return;
            }
            refused = null;
            if (world.has(Defect.ACK_BEFORE_COMMIT)) {
                answer(message.id(), Record.AckStatus.STORED);
            }
            boolean[] fresh = new boolean[1];
            node.commit(
                    () -> {
                        fresh[0] = node.store().keep(peer, message.id()) || world.has(Defect.NO_DEDUP);
                        if (fresh[0]) {
                            world.trace(() -> "n" + node.index() + " has a message of n" + peer + ", "
                                    + message.payload().length + " bytes");
                            world.oracle().delivered(node.index(), peer, message.id(), message.payload());
                        }
                    },
                    () -> answer(message.id(), fresh[0] ? Record.AckStatus.STORED : Record.AckStatus.DUPLICATE));
        }

        private void answer(UUID id, Record.AckStatus status) {
            conn.acknowledge(new Record.Ack(id, status));
        }

        private void retryLater() {
            if (!paused && !over) {
                paused = true;
                long wait = Math.min(60_000L << Math.min(refusals++, 10), 3_600_000);
                node.after(wait, () -> {
                    if (!over) {
                        rewind();
                    }
                });
            }
        }
    }

    private static Record.Message message(Store.Outgoing out) {
        return new Record.Message(out.id, out.sentAt, Record.Scope.DIRECT, "", "text/plain", out.payload);
    }

    private void release(UUID id) {
        claimed.remove(id);
        // Another session may have waited for it.
        node.after(0, this::offer);
    }
}
