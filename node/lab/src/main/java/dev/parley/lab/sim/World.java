package dev.parley.lab.sim;

import dev.parley.protocol.crypto.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run: nodes, links, faults, and the end that has to come. */
final class World {
    private static final long LOOK = 500 * Clockwork.MILLI;
    /** The longest backoff and liveness, twice, and some retries of what was refused for now. */
    private static final long PATIENCE = 3 * 3_600 * Clockwork.SECOND;
    /** A PING and its PONG, either of which may begin a ratchet. */
    private static final long CALM = 40 * Clockwork.SECOND;

    private static final long AFTERMATH = 5 * Clockwork.SECOND;
    private static final long LAST_MOMENTS = 90 * Clockwork.SECOND;

    private final Scenario scenario;
    private final Defect defect;
    private final Consumer<String> trace;
    private final SplittableRandom random;
    private final Clockwork clock;
    private final Oracle oracle = new Oracle();
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<PeerId, Integer> ranks = new HashMap<>();
    private final Map<Integer, Link> links = new HashMap<>();
    private final List<byte[]> recordings = new ArrayList<>();
    private int wires;
    private boolean healed;

    /** @param trace null: nothing is told */
    World(long seed, Defect defect, Consumer<String> trace) {
        SplittableRandom root = new SplittableRandom(seed);
        this.scenario = Scenario.draw(root.split());
        this.random = root.split();
        this.clock = new Clockwork(root.split());
        this.defect = defect;
        this.trace = trace;
    }

    /** Runs to the end; throws {@link Violation}. */
    void run() {
        for (int i = 0; i < scenario.nodes(); i++) {
            SimNode node = new SimNode(
                    this,
                    i,
                    scenario.traits().get(i),
                    Keys.nodes().get(scenario.ranks().get(i)));
            nodes.add(node);
            ranks.put(node.peerId(), i);
        }
        scenario.links().forEach(each -> links.put(key(each.from(), each.to()), new Link(clock, random.split(), each)));
        nodes.forEach(each -> clock.after(random.nextLong(Clockwork.SECOND), each::start));
        scenario.letters()
                .forEach(each -> clock.at(each.at(), () -> node(each.from()).submit(each.to(), each.size())));
        Weather weather = new Weather(this);
        scenario.faults().forEach(each -> clock.at(each.at(), () -> weather.begin(each)));
        runUntil(scenario.storm());
        heal(weather);
        // What the storm left on the way arrives first.
        runUntil(clock.now() + AFTERMATH);
        if (!settles(PATIENCE)) {
            throw new Violation("no rest after " + PATIENCE / Clockwork.SECOND + " s: " + restless());
        }
        trace(() -> "all is quiet");
        oracle.calm();
        scenario.wishes().forEach(each -> node(each.from()).submit(each.to(), 100));
        runUntil(clock.now() + CALM);
        if (!settles(LAST_MOMENTS)) {
            throw new Violation("unrest out of quiet: " + restless());
        }
    }

    private void runUntil(long end) {
        boolean going = true;
        while (going) {
            going = clock.step(end);
        }
    }

    private void heal(Weather weather) {
        trace(() -> "the storm is over");
        healed = true;
        weather.clear();
        links.values().forEach(Link::heal);
        nodes.forEach(SimNode::start);
    }

    /** Looks now and then whether everything has come to rest. */
    private boolean settles(long within) {
        long end = clock.now() + within;
        while (!restless().isEmpty()) {
            if (clock.now() >= end) {
                return false;
            }
            runUntil(clock.now() + LOOK);
        }
        return true;
    }

    /** Returns what is not as it has to be in the end; empty: nothing. */
    private String restless() {
        if (oracle.outstanding() > 0) {
            return oracle.outstanding() + " messages have not arrived";
        }
        for (SimNode one : nodes) {
            for (SimNode other : nodes) {
                if (one != other && wishes(one.index(), other.index())) {
                    String reason = restless(one, other);
                    if (!reason.isEmpty()) {
                        return "n" + one.index() + " and n" + other.index() + ": " + reason;
                    }
                }
            }
        }
        for (SimNode node : nodes) {
            long sessions = nodes.stream()
                    .filter(other -> other != node && related(node.index(), other.index()))
                    .count();
            if (node.conns().size() != sessions) {
                return "n" + node.index() + " has connections " + node.conns() + " for " + sessions + " peers";
            }
        }
        return "";
    }

    private String restless(SimNode one, SimNode other) {
        Conn here = one.peer(other.index()).settledOn().orElse(null);
        Conn there = other.peer(one.index()).settledOn().orElse(null);
        if (here == null || there == null) {
            return "not one session: " + one.conns() + " " + other.conns();
        }
        if (here.wire() != there.wire()) {
            return "each has another session, " + here + " and " + there;
        }
        if (!one.store().settled(other.index()) || !other.store().settled(one.index())) {
            return "not all is acknowledged";
        }
        boolean step = here.channel().sendEpoch() == there.channel().receiveEpoch()
                && there.channel().sendEpoch() == here.channel().receiveEpoch()
                && here.channel().sendEpoch() == there.channel().sendEpoch();
        if (!step) {
            return "their epochs differ, " + here.channel().sendEpoch() + " and "
                    + there.channel().sendEpoch();
        }
        return here.channel().queuedBytes() > 0 || there.channel().queuedBytes() > 0 ? "something waits" : "";
    }

    private boolean related(int one, int other) {
        return wishes(one, other) || wishes(other, one);
    }

    // ---- what nodes and wires need

    Scenario scenario() {
        return scenario;
    }

    Clockwork clock() {
        return clock;
    }

    SplittableRandom random() {
        return random;
    }

    Oracle oracle() {
        return oracle;
    }

    boolean has(Defect which) {
        return defect == which;
    }

    boolean healed() {
        return healed;
    }

    SimNode node(int index) {
        return nodes.get(index);
    }

    List<SimNode> nodes() {
        return nodes;
    }

    int rankOf(PeerId id) {
        return ranks.getOrDefault(id, -1);
    }

    boolean wishes(int from, int to) {
        return scenario.wishes().contains(new Scenario.Wish(from, to));
    }

    Link link(int one, int other) {
        return links.get(key(Math.min(one, other), Math.max(one, other)));
    }

    List<byte[]> recordings() {
        return recordings;
    }

    void trace(Supplier<String> what) {
        if (trace != null) {
            trace.accept("%11.3f %s".formatted((double) clock.now() / Clockwork.SECOND, what.get()));
        }
    }

    /** Calls into the protocol: nothing may come out of it but a result. */
    <T> T guard(Conn conn, Supplier<T> call) {
        try {
            return call.get();
        } catch (Violation found) {
            throw found;
        } catch (RuntimeException | Error escaped) {
            throw new Violation(conn + " threw " + escaped, escaped);
        }
    }

    /** Opens a TCP connection between two nodes. */
    void connect(int from, int to, Consumer<Wire.End> connected, Runnable refused) {
        Link link = link(from, to);
        int direction = link.direction(from);
        clock.after(link.delay(), () -> arrive(link, direction, from, to, connected, refused));
    }

    /** A stranger's connection to a node. */
    void intrude(int to) {
        SimNode target = node(to);
        if (!target.running()) {
            return;
        }
        Link link = new Link(
                clock,
                random.split(),
                new Scenario.LinkTraits(-1, to, 1 + random.nextLong(50 * Clockwork.MILLI), Clockwork.MILLI));
        Wire wire = new Wire(this, link, wires++, -1, null, target);
        wire.meddle();
        byte[] recorded = recordings.isEmpty() ? new byte[40] : recordings.get(random.nextInt(recordings.size()));
        target.accept(wire.acceptor());
        new Stranger(this, wire.dialer(), random.split(), recorded).start();
    }

    private void arrive(Link link, int direction, int from, int to, Consumer<Wire.End> connected, Runnable refused) {
        if (!link.open(direction, () -> arrive(link, direction, from, to, connected, refused))) {
            return;
        }
        SimNode target = node(link.misrouted() >= 0 && link.misrouted() != from ? link.misrouted() : to);
        if (!target.running()) {
            if (target.powered()) {
                answer(link, 1 - direction, refused);
            }
            return;
        }
        Wire wire = new Wire(this, link, wires++, from, node(from), target);
        wire.record(recordings);
        target.accept(wire.acceptor());
        answer(link, 1 - direction, () -> connected.accept(wire.dialer()));
    }

    private void answer(Link link, int direction, Runnable then) {
        clock.after(link.delay(), () -> whenOpen(link, direction, then));
    }

    private void whenOpen(Link link, int direction, Runnable then) {
        if (link.open(direction, () -> whenOpen(link, direction, then))) {
            then.run();
        }
    }

    private static int key(int one, int other) {
        return one * Keys.NODES + other;
    }
}
