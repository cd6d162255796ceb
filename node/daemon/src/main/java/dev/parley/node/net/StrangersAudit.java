package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent.ConnectionClosed;
import dev.parley.node.audit.ConnectionEvent.ConnectionOpened;
import dev.parley.node.audit.ConnectionEvent.StrangersSuppressed;
import dev.parley.node.audit.HandshakeEvent.HandshakeCompleted;
import dev.parley.node.audit.HandshakeEvent.HandshakeFailed;
import dev.parley.node.audit.HandshakeEvent.HandshakeRejected;
import dev.parley.node.audit.HandshakeEvent.HandshakeStarted;
import dev.parley.node.audit.HandshakeEvent.QuotaExceeded;
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
 * Keeps those who connect and prove no key from filling the audit log, so that rotation does not push out what matters. In each
 * window an address has some connections told in full. What happens on a further one is held back until it is known who is there:
 * if the peer proves its key, all of it is told after all, late but whole; if not, it is only counted, and at the end of the
 * window one line for each address says what was left out. Alarms are never held back. Thread-safe.
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

    /**
     * How much strangers get.
     *
     * @param window over which connections are counted
     * @param connections of one address told in full in each window
     * @param addresses told apart in each window
     */
    record Limits(Duration window, int connections, int addresses) {}

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

    /** @return whether the address has room for one more connection that is told in full */
    private synchronized boolean takeRoom(AddressKey address) {
        return source(address).takeRoom();
    }

    /** Who proves a key takes nothing from those of the address who cannot. */
    private synchronized void giveRoomBack(AddressKey address) {
        Source source = sources.get(address);
        if (source != null) {
            source.room = Math.min(source.room + 1, limits.connections());
        }
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
            windowOpen = false;
        }
        // Not under the lock: a full log makes its callers wait.
        sums.forEach(audit::record);
    }

    private record Held(AuditEvent event, Instant at) {}

    /** The events of one connection: told at once, or held back for now. */
    private final class Connection implements AuditLog {
        private final AddressKey address;
        private final List<Held> events = new ArrayList<>();
        private boolean told;

        Connection(AddressKey address, boolean told) {
            this.address = address;
            this.told = told;
        }

        /** {@inheritDoc} For what is held back nobody waits: the stage is complete. */
        @Override
        public synchronized CompletionStage<Void> record(AuditEvent event) {
            if (event instanceof HandshakeCompleted) {
                proved();
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
            if (told) {
                giveRoomBack(address);
                return;
            }
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

    /** What a connection can cause before its peer has proved anything; {@link Source#leaveOut} counts the same. */
    private static boolean isOfStranger(AuditEvent event) {
        return switch (event) {
            case ConnectionOpened ignored -> true;
            case HandshakeStarted ignored -> true;
            case QuotaExceeded ignored -> true;
            case HandshakeFailed ignored -> true;
            case HandshakeRejected ignored -> true;
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
        private long closed;

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
            sums.add(new StrangersSuppressed(name, first, last, opened, started, quotas, failed, rejected, closed));
            first = Instant.MAX;
            last = Instant.MIN;
            opened = 0;
            started = 0;
            quotas = 0;
            failed = 0;
            rejected = 0;
            closed = 0;
        }
    }
}
