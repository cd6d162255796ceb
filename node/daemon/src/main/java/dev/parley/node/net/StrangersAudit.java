package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent.ConnectionClosed;
import dev.parley.node.audit.ConnectionEvent.ConnectionOpened;
import dev.parley.node.audit.ConnectionEvent.PenaltyBegun;
import dev.parley.node.audit.ConnectionEvent.PenaltyEnded;
import dev.parley.node.audit.ConnectionEvent.StrangersSuppressed;
import dev.parley.node.audit.FleetEvent.PeerNotCertified;
import dev.parley.node.audit.FleetEvent.PeerRevoked;
import dev.parley.node.audit.HandshakeEvent.HandshakeCompleted;
import dev.parley.node.audit.HandshakeEvent.HandshakeFailed;
import dev.parley.node.audit.HandshakeEvent.HandshakeRejected;
import dev.parley.node.audit.HandshakeEvent.HandshakeStarted;
import dev.parley.node.audit.HandshakeEvent.QuotaExceeded;
import dev.parley.node.audit.PeerEvent.PeerNotQueued;
import dev.parley.node.audit.SessionEvent.SessionRefused;
import dev.parley.node.audit.SessionEvent.SessionUp;
import dev.parley.node.trust.AddressKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Keeps strangers from filling the audit log, so that rotation does not push out what matters. In each window an address has some
 * connections told in full, and all addresses together have. What happens on a further one is held back until it is known who is
 * there: if the peer is let in, all of it is told after all, late but whole; if it only proves its key, so that anybody could have come with a
 * new one, that is told as long as a bound of its own permits; else it is only counted, and at the end of the window one line for each address
 * says what was left out. Alarms are never held back. Thread-safe.
 *
 * <p>What it holds is bounded: {@link Limits#addresses} sums, and a handful of events for each handshake under way.
 */
final class StrangersAudit {

    /** The source of the sum of all addresses beyond those that are told apart. */
    static final String OTHERS = "others";

    private final AuditLog audit;
    private final Limits limits;
    private final Clock clock;
    private final BiConsumer<Duration, Runnable> timer;

    // Guarded by this object's lock. The window is open while there is anything in it.
    private final Map<AddressKey, Source> sources = new HashMap<>();
    private final Source others = new Source(OTHERS, 0);
    private final Set<Connection> held = new HashSet<>();
    private boolean windowOpen;
    private int silentTold;
    private int provedTold;
    private int penaltiesTold;

    /**
     * How much strangers get.
     *
     * @param window over which connections are counted
     * @param connections of one address told in full in each window
     * @param addresses told apart in each window
     * @param total connections of all addresses told in full in each window; as many of those that prove a key and are not let in;
     *     and as many begins and ends of penalties
     */
    record Limits(Duration window, int connections, int addresses, int total) {}

    /** @param timer has a task run once, after a delay */
    StrangersAudit(AuditLog audit, Limits limits, Clock clock, BiConsumer<Duration, Runnable> timer) {
        this.audit = audit;
        this.limits = limits;
        this.clock = clock;
        this.timer = timer;
    }

    /** Where a connection that came from {@code address} tells its events. */
    AuditLog connection(AddressKey address) {
        return new Connection(address, takeRoom(address));
    }

    /** The node stops: sums up, what is still held back included. */
    void stop() {
        List<Connection> open;
        synchronized (this) {
            open = List.copyOf(held);
        }
        open.forEach(Connection::giveUp);
        endWindow();
    }

    /** An address is held back, or no longer: told, as long as there are not too many of these. */
    void penalty(AddressKey address, AuditEvent event) {
        synchronized (this) {
            Source source = source(address);
            if (penaltiesTold >= limits.total()) {
                source.leaveOut(new Held(event, clock.instant()));
                return;
            }
            penaltiesTold++;
        }
        audit.record(event);
    }

    /** @return whether there is room for one more connection that is told in full, of the address and of all */
    private synchronized boolean takeRoom(AddressKey address) {
        Source source = source(address);
        if (silentTold >= limits.total() || !source.takeRoom()) {
            return false;
        }
        silentTold++;
        return true;
    }

    /** Who proves a key takes nothing from those who cannot. @return false: it has to go on with the room that it has */
    private synchronized boolean changeRoom(AddressKey address) {
        if (!takeProvedRoom()) {
            return false;
        }
        giveRoomBack(address);
        return true;
    }

    private synchronized boolean takeProvedRoom() {
        if (provedTold >= limits.total()) {
            return false;
        }
        provedTold++;
        return true;
    }

    private synchronized void giveRoomBack(AddressKey address) {
        Source source = sources.get(address);
        if (source != null) {
            source.room = Math.min(source.room + 1, limits.connections());
        }
        silentTold = Math.max(0, silentTold - 1);
    }

    private synchronized void giveProvedRoomBack() {
        provedTold = Math.max(0, provedTold - 1);
    }

    private synchronized void leaveOut(AddressKey address, Held event) {
        source(address).leaveOut(event);
    }

    private synchronized void hold(Connection connection) {
        held.add(connection);
    }

    private synchronized void release(Connection connection) {
        held.remove(connection);
    }

    /** Holding the lock. */
    private Source source(AddressKey address) {
        if (!windowOpen) {
            windowOpen = true;
            timer.accept(limits.window(), this::endWindow);
        }
        Source known = sources.get(address);
        if (known == null && sources.size() < limits.addresses()) {
            known = new Source(address.text(), limits.connections());
            sources.put(address, known);
        }
        return known == null ? others : known;
    }

    private void endWindow() {
        List<StrangersSuppressed> sums = new ArrayList<>();
        synchronized (this) {
            sources.values().forEach(source -> source.sumUp(sums));
            others.sumUp(sums);
            sources.clear();
            silentTold = 0;
            provedTold = 0;
            penaltiesTold = 0;
            windowOpen = false;
        }
        // Not under the lock: a full log makes its callers wait.
        sums.forEach(audit::record);
    }

    private record Held(AuditEvent event, Instant at) {}

    /** What a connection that is told takes up. */
    private enum Room {
        NONE,
        SILENT,
        PROVED
    }

    /** The events of one connection: told at once, or held back for now. */
    private final class Connection implements AuditLog {
        private final AddressKey address;
        private final List<Held> events = new ArrayList<>();
        private Room room;
        private boolean told;

        Connection(AddressKey address, boolean told) {
            this.address = address;
            this.told = told;
            this.room = told ? Room.SILENT : Room.NONE;
        }

        /** {@inheritDoc} For what is held back nobody waits: the stage is complete. */
        @Override
        public synchronized CompletionStage<Void> record(AuditEvent event) {
            switch (event) {
                case HandshakeCompleted ignored -> proved();
                case SessionUp ignored -> letIn();
                default -> {}
            }
            if (told || !isOfStranger(event)) {
                return audit.record(event);
            }
            events.add(new Held(event, clock.instant()));
            if (event instanceof ConnectionClosed) {
                giveUp();
            } else {
                hold(this);
            }
            return CompletableFuture.completedStage(null);
        }

        private void proved() {
            if (room == Room.SILENT && changeRoom(address) || room == Room.NONE && takeProvedRoom()) {
                room = Room.PROVED;
                tell();
            }
        }

        private void letIn() {
            switch (room) {
                case SILENT -> giveRoomBack(address);
                case PROVED -> giveProvedRoomBack();
                case NONE -> {}
            }
            room = Room.NONE;
            tell();
        }

        private void tell() {
            told = true;
            events.forEach(each -> audit.record(each.event()));
            events.clear();
            release(this);
        }

        synchronized void giveUp() {
            events.forEach(each -> leaveOut(address, each));
            events.clear();
            release(this);
        }
    }

    /** What a connection can cause before its peer is let in; {@link Source#leaveOut} counts the same. */
    private static boolean isOfStranger(AuditEvent event) {
        return switch (event) {
            case ConnectionOpened ignored -> true;
            case HandshakeStarted ignored -> true;
            case QuotaExceeded ignored -> true;
            case HandshakeFailed ignored -> true;
            case HandshakeRejected ignored -> true;
            case HandshakeCompleted ignored -> true;
            case PeerNotQueued ignored -> true;
            case PeerNotCertified ignored -> true;
            case PeerRevoked ignored -> true;
            case SessionRefused ignored -> true;
            case ConnectionClosed ignored -> true;
            default -> false;
        };
    }

    /** One address in one window. */
    private static final class Source {
        private final String name;
        private int room;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private long opened;
        private long started;
        private long quotas;
        private long failed;
        private long rejected;
        private long completed;
        private long notQueued;
        private long revoked;
        private long refused;
        private long closed;
        private long begun;
        private long ended;

        Source(String name, int room) {
            this.name = name;
            this.room = room;
        }

        boolean takeRoom() {
            return room > 0 && room-- > 0;
        }

        void leaveOut(Held held) {
            switch (held.event()) {
                case ConnectionOpened ignored -> opened++;
                case HandshakeStarted ignored -> started++;
                case QuotaExceeded ignored -> quotas++;
                case HandshakeFailed ignored -> failed++;
                case HandshakeRejected ignored -> rejected++;
                case HandshakeCompleted ignored -> completed++;
                case PeerNotQueued ignored -> notQueued++;
                case PeerNotCertified ignored -> notQueued++;
                case PeerRevoked ignored -> revoked++;
                case SessionRefused ignored -> refused++;
                case PenaltyBegun ignored -> begun++;
                case PenaltyEnded ignored -> ended++;
                case ConnectionClosed ignored -> closed++;
                default -> throw new IllegalStateException("is never left out: " + held.event());
            }
            first = held.at().isBefore(first) ? held.at() : first;
            last = held.at().isAfter(last) ? held.at() : last;
        }

        void sumUp(List<StrangersSuppressed> sums) {
            if (last == Instant.MIN) {
                return;
            }
            sums.add(new StrangersSuppressed(
                    name, first, last, opened, started, quotas, failed, rejected, completed, notQueued, revoked,
                    refused, closed, begun, ended));
            first = Instant.MAX;
            last = Instant.MIN;
            opened = 0;
            started = 0;
            quotas = 0;
            failed = 0;
            rejected = 0;
            completed = 0;
            notQueued = 0;
            revoked = 0;
            refused = 0;
            closed = 0;
            begun = 0;
            ended = 0;
        }
    }
}
