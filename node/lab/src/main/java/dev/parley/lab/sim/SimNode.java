package dev.parley.lab.sim;

import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/** A node as the rest of the daemon makes one: a store that survives, and a process that may die at any time. */
final class SimNode {
    /** How long a slow reader rests between two reads, microseconds. */
    static final long SLOW_PAUSE = 200 * Clockwork.MILLI;

    private static final int SLOW_BYTES = 64;

    private final World world;
    private final int index;
    private final Scenario.NodeTraits traits;
    private final IdentityKey key;
    private final Store store = new Store();
    private final List<Conn> conns = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private ChannelSettings settings;
    private int life;
    private boolean running;
    /** Whether the machine is on, so that its system answers where the process does not. */
    private boolean powered = true;

    private long offset;
    private long diskFree;
    private long messages;
    private int slow;
    private int busy;
    private int full;

    SimNode(World world, int index, Scenario.NodeTraits traits, IdentityKey key) {
        this.world = world;
        this.index = index;
        this.traits = traits;
        this.key = key;
        this.offset = traits.offset();
    }

    // ---- life

    void start() {
        if (running) {
            return;
        }
        running = true;
        powered = true;
        life++;
        world.trace(() -> "n" + index + " starts");
        SplittableRandom random = world.random().split();
        settings = ChannelSettings.defaults(key, Identity.of(key, "n" + index, "", List.of()), new SeededRandom(random))
                .withSuites(traits.suites())
                .withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR)
                .withMaxQueued(traits.maxQueued())
                .withTiming(traits.timing())
                .withRekeying(traits.rekeying())
                .withCrypto(Crypto.best());
        for (int other = 0; other < world.scenario().nodes(); other++) {
            peers.add(new Peer(world, this, other, world.wishes(index, other)));
        }
        peers.forEach(Peer::begin);
    }

    /** @param power whether the machine goes too, so that nobody is told */
    void crash(boolean power) {
        if (!running) {
            return;
        }
        world.trace(() -> "n" + index + (power ? " loses power" : " is killed"));
        running = false;
        powered = !power;
        life++;
        conns.forEach(each -> each.die(!power));
        conns.clear();
        peers.clear();
        diskFree = 0;
        // Another process, another zero of its monotonic clock.
        offset = traits.offset() / 3 + world.random().nextLong(1 << 20);
    }

    boolean running() {
        return running;
    }

    boolean powered() {
        return powered;
    }

    void slow(boolean more) {
        slow += more ? 1 : -1;
    }

    void busy(boolean more) {
        busy += more ? 1 : -1;
    }

    void full(boolean more) {
        full += more ? 1 : -1;
    }

    /** Whatever burdened it is over. */
    void relieve() {
        slow = 0;
        busy = 0;
        full = 0;
    }

    boolean slow() {
        return slow > 0;
    }

    boolean busy() {
        return busy > 0;
    }

    boolean full() {
        return full > 0;
    }

    int readsAtMost() {
        return slow() ? SLOW_BYTES : Integer.MAX_VALUE;
    }

    // ---- time, by its own clock in milliseconds

    long now() {
        return localTime(world.clock().now());
    }

    /** Returns when, in the world's microseconds, its clock will say {@code local}. */
    long worldTime(long local) {
        if (local == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long world = (long) ((local - offset) * Clockwork.MILLI / traits.rate());
        while (localTime(world) < local) {
            world += Clockwork.MILLI / 10;
        }
        return world;
    }

    /** Runs something after milliseconds of its own clock, unless the process has died by then. */
    void after(long millis, Runnable action) {
        int born = life;
        world.clock().after((long) (millis * Clockwork.MILLI / traits.rate()), () -> {
            if (life == born) {
                action.run();
            }
        });
    }

    private long localTime(long worldTime) {
        return (long) (worldTime * traits.rate()) / Clockwork.MILLI + offset;
    }

    // ---- the store

    Store store() {
        return store;
    }

    /** One commit after the other: {@code change} is durable, and a little later {@code then} is told, if the process lives. */
    void commit(Runnable change, Runnable then) {
        int born = life;
        diskFree = Math.max(diskFree, world.clock().now()) + world.random().nextLong(1, traits.diskMost() + 1);
        world.clock().at(diskFree, () -> {
            if (life == born) {
                change.run();
                world.clock().after(world.random().nextLong(Clockwork.MILLI), () -> {
                    if (life == born) {
                        then.run();
                    }
                });
            }
        });
    }

    /** The operator sends a message; taken once it is durable. */
    void submit(int to, int size) {
        if (!running) {
            return;
        }
        byte[] payload = new byte[size];
        world.random().nextBytes(payload);
        UUID id = new UUID(world.clock().now() << 16 | 7L << 12 | index, 2L << 62 | messages++);
        Store.Outgoing message = new Store.Outgoing(id, world.clock().now(), payload);
        commit(
                () -> {
                    store.outbox(to).add(message);
                    world.trace(() -> "n" + index + " takes a message for n" + to + ", " + size + " bytes");
                    world.oracle().taken(index, to, id, payload);
                },
                () -> peer(to).offer());
    }

    // ---- connections

    Scenario.NodeTraits traits() {
        return traits;
    }

    int index() {
        return index;
    }

    PeerId peerId() {
        return key.peerId();
    }

    PeerId peerIdOf(int other) {
        return world.node(other).peerId();
    }

    /** Returns which node has this key; -1: none. */
    int rankOf(PeerId id) {
        return world.rankOf(id);
    }

    Peer peer(int other) {
        return peers.get(other);
    }

    List<Conn> conns() {
        return conns;
    }

    void gone(Conn conn) {
        conns.remove(conn);
    }

    /** Dials; a connection that comes up tells its peer itself. @param failed is told why none did */
    void dial(int other, Consumer<String> failed) {
        long begun = now();
        int born = life;
        boolean[] decided = new boolean[1];
        after(traits.timing().handshake(), () -> {
            if (!decided[0]) {
                decided[0] = true;
                failed.accept("no answer");
            }
        });
        world.connect(
                index,
                other,
                end -> {
                    if (life != born || decided[0]) {
                        end.die(true);
                        return;
                    }
                    decided[0] = true;
                    Channel channel = Channel.initiate(settings, expected(other), begun);
                    begin(new Conn(world, this, channel, end, other));
                },
                () -> {
                    if (life == born && !decided[0]) {
                        decided[0] = true;
                        failed.accept("refused");
                    }
                });
    }

    /** A connection has come. */
    void accept(Wire.End end) {
        begin(new Conn(world, this, Channel.respond(settings, now()), end, -1));
    }

    /** Nothing is proved yet: only whether our identity may be shown. */
    void named(Conn conn, Identity claimed) {
        if (rankOf(claimed.peerId()) == conn.dialed()) {
            conn.channel().proceed(now());
        } else {
            conn.channel().turnAway(Failure.NOT_TRUSTED, now());
        }
    }

    /** The initiator has proved its key. */
    void proved(Conn conn, Identity peer) {
        if (rankOf(peer.peerId()) >= 0) {
            conn.channel().admit(now());
        } else {
            conn.channel().turnAway(Failure.NOT_TRUSTED, now());
        }
    }

    /** Half of the dials leave the check to the host, as the daemon does, half to the channel. */
    private Optional<PeerId> expected(int other) {
        return world.random().nextBoolean() ? Optional.empty() : Optional.of(peerIdOf(other));
    }

    private void begin(Conn conn) {
        conns.add(conn);
        conn.start();
    }
}
