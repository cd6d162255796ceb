package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.ConnectionEvent.PenaltyBegun;
import dev.parley.node.audit.ConnectionEvent.PenaltyEnded;
import dev.parley.node.trust.AddressKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What strangers have cost, by address: computing and {@linkplain Costs what they did}, in units of about a millisecond of a
 * processor. It decays by half in each half-life. An address that reaches the threshold is held back, and is free again
 * once the cost is down to half of the threshold. What a connection cost is forgiven when its peer turns out to be trusted. Thread-safe.
 *
 * <p>At most {@value #ADDRESSES_AT_MOST} addresses are remembered; the one heard of longest ago is forgotten first.
 */
public final class Penalties {

    static final int ADDRESSES_AT_MOST = 65_536;
    /** So many thresholds are the most that is held against an address: three half-lives after its last deed it is free. */
    static final int THRESHOLDS_AT_MOST = 4;

    private static final double FREE_AT = 0.5;
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

    private final double threshold;
    private final double halfLifeMillis;
    private final BiConsumer<AddressKey, AuditEvent> audit;
    private final BiConsumer<Duration, Runnable> timer;
    private final LongSupplier ticks;

    // Guarded by this object's lock.
    private final LinkedHashMap<AddressKey, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<AddressKey, Account> held = new HashMap<>();
    private boolean timerSet;

    /** Why an address is held back no longer. */
    enum EndedBy {
        DECAYED,
        FORGIVEN,
        /** To remember others. */
        FORGOTTEN
    }

    /**
     * An address that is held back.
     *
     * @param cost units held against it now
     * @param refused its connections that were refused since
     * @param freeIn until it is free again, if nothing more comes from it
     */
    public record HeldBack(AddressKey address, double cost, long refused, Instant since, Duration freeIn) {}

    /**
     * What was forgiven.
     *
     * @param cost units that were held against the address
     */
    public record Forgiven(double cost, boolean wasHeldBack) {}

    /**
     * @param audit is told who is held back, and who no longer is
     * @param timer has a task run once, after a delay
     * @param ticks milliseconds of a monotonic clock
     */
    Penalties(
            double threshold,
            Duration halfLife,
            BiConsumer<AddressKey, AuditEvent> audit,
            BiConsumer<Duration, Runnable> timer,
            LongSupplier ticks) {
        this.threshold = threshold;
        this.halfLifeMillis = halfLife.toMillis();
        this.audit = audit;
        this.timer = timer;
        this.ticks = ticks;
    }

    /** The bill of one connection that came from an address. */
    Tab open(AddressKey address) {
        return new Tab(address);
    }

    synchronized boolean isHeldBack(AddressKey address) {
        return held.containsKey(address);
    }

    /** Asked at each new connection. @return true: the address is held back; that it was refused is counted, and costs a little */
    boolean refuses(AddressKey address) {
        synchronized (this) {
            Account account = held.get(address);
            if (account == null) {
                return false;
            }
            account.refused++;
        }
        charge(address, Costs.REFUSED);
        return true;
    }

    /** Those held back now, the most costly first. */
    public List<HeldBack> heldBack(int atMost) {
        long now = ticks.getAsLong();
        synchronized (this) {
            return held.entrySet().stream()
                    .map(each -> each.getValue().seen(each.getKey(), now))
                    .sorted(Comparator.comparingDouble(HeldBack::cost).reversed())
                    .limit(atMost)
                    .toList();
        }
    }

    public synchronized int heldBack() {
        return held.size();
    }

    public double threshold() {
        return threshold;
    }

    /** Holds nothing against an address any more. @return empty if nothing was */
    public Optional<Forgiven> forgive(AddressKey address) {
        long now = ticks.getAsLong();
        AuditEvent ended = null;
        Forgiven forgiven;
        synchronized (this) {
            Account account = accounts.remove(address);
            if (account == null) {
                return Optional.empty();
            }
            forgiven = new Forgiven(account.cost.at(now), account.isHeld());
            if (account.isHeld()) {
                ended = release(address, account, EndedBy.FORGIVEN, now);
            }
        }
        if (ended != null) {
            audit.accept(address, ended);
        }
        return Optional.of(forgiven);
    }

    private void charge(AddressKey address, double cost) {
        long now = ticks.getAsLong();
        Map<AddressKey, AuditEvent> events = new LinkedHashMap<>();
        boolean setTimer;
        synchronized (this) {
            Account account = accounts.computeIfAbsent(address, key -> new Account());
            account.cost.add(cost, now, threshold * THRESHOLDS_AT_MOST);
            if (!account.isHeld() && account.cost.at(now) >= threshold) {
                account.since = Instant.now();
                account.sinceTick = now;
                held.put(address, account);
                events.put(address, new PenaltyBegun(address.text(), Math.round(account.cost.at(now))));
            }
            if (accounts.size() > ADDRESSES_AT_MOST) {
                forgetEldest(events, now);
            }
            setTimer = !timerSet && !held.isEmpty();
            timerSet |= setTimer;
        }
        // Not under the lock: a full log makes its callers wait.
        events.forEach(audit);
        if (setTimer) {
            timer.accept(LOOK_AFTER, this::look);
        }
    }

    /** Holding the lock. */
    private void forgetEldest(Map<AddressKey, AuditEvent> events, long now) {
        Map.Entry<AddressKey, Account> eldest = accounts.pollFirstEntry();
        if (eldest.getValue().isHeld()) {
            events.put(eldest.getKey(), release(eldest.getKey(), eldest.getValue(), EndedBy.FORGOTTEN, now));
        }
    }

    private synchronized void takeBack(AddressKey address, double cost, long now) {
        Account account = accounts.get(address);
        if (account != null) {
            account.cost.add(-cost, now, Double.MAX_VALUE);
        }
    }

    /** Lets those go whose cost has decayed. */
    private void look() {
        long now = ticks.getAsLong();
        Map<AddressKey, AuditEvent> events = new LinkedHashMap<>();
        boolean again;
        synchronized (this) {
            for (var each : new ArrayList<>(held.entrySet())) {
                if (each.getValue().cost.at(now) <= threshold * FREE_AT) {
                    events.put(each.getKey(), release(each.getKey(), each.getValue(), EndedBy.DECAYED, now));
                }
            }
            again = !held.isEmpty();
            timerSet = again;
        }
        events.forEach(audit);
        if (again) {
            timer.accept(LOOK_AFTER, this::look);
        }
    }

    /** Holding the lock. */
    private AuditEvent release(AddressKey address, Account account, EndedBy by, long now) {
        held.remove(address);
        var ended = new PenaltyEnded(
                address.text(), by.name(), Duration.ofMillis(now - account.sinceTick), account.refused);
        account.since = null;
        account.refused = 0;
        return ended;
    }

    /** What one connection has cost so far. */
    final class Tab {
        private final AddressKey address;
        private final Decaying own = new Decaying();

        private Tab(AddressKey address) {
            this.address = address;
        }

        void charge(double cost) {
            synchronized (own) {
                own.add(cost, ticks.getAsLong(), Double.MAX_VALUE);
            }
            Penalties.this.charge(address, cost);
        }

        /** It was a trusted peer. */
        void forgive() {
            long now = ticks.getAsLong();
            double cost;
            synchronized (own) {
                cost = own.at(now);
                own.add(-cost, now, Double.MAX_VALUE);
            }
            takeBack(address, cost, now);
        }
    }

    private final class Account {
        private final Decaying cost = new Decaying();
        private Instant since;
        private long sinceTick;
        private long refused;

        boolean isHeld() {
            return since != null;
        }

        HeldBack seen(AddressKey address, long now) {
            double units = cost.at(now);
            double halfLives = Math.max(0, Math.log(units / (threshold * FREE_AT)) / Math.log(2));
            return new HeldBack(address, units, refused, since, Duration.ofMillis((long) (halfLives * halfLifeMillis)));
        }
    }

    /** A sum that halves in each half-life, never below zero. */
    private final class Decaying {
        private double units;
        private long since;

        double at(long now) {
            return units == 0 ? 0 : units * Math.pow(2, (since - now) / halfLifeMillis);
        }

        void add(double more, long now, double atMost) {
            units = Math.clamp(at(now) + more, 0, atMost);
            since = now;
        }
    }
}
