package dev.parley.lab.network;

import dev.parley.lab.network.Network.LinkSpec;
import dev.parley.lab.network.Network.NodeSpec;
import dev.parley.lab.network.Network.TrafficSpec;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** One run of a network: starts it, lets time pass, waits until all has arrived, and counts. */
public final class NetworkRun implements AutoCloseable {
    /** Where nodes come from. */
    @FunctionalInterface
    public interface Nodes {
        /** Starts a node that knows nobody, and waits until it is ready. @param settings environment variables */
        LiveNode start(String name, Map<String, String> settings) throws IOException, InterruptedException;
    }

    private static final Duration MEETING = Duration.ofSeconds(90);
    private static final long LOOK_MILLIS = 500;
    /** A network is there to break: nodes that lost each other find each other again soon. */
    private static final Map<String, String> USUAL =
            Map.of("PARLEY_RECONNECT_MIN", "200ms", "PARLEY_RECONNECT_MAX", "2s");

    private final Network network;
    private final Nodes source;
    private final Consumer<State> watcher;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, LiveNode> nodes = new LinkedHashMap<>();
    private final Map<LinkSpec, LinkRelay> relays = new LinkedHashMap<>();
    private final Map<LinkSpec, Attacker> attackers = new LinkedHashMap<>();
    private final List<TrafficLog> logs = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private String stage = "starting";
    private long begun;

    /** @param watcher is told twice a second how things stand; in a thread of its own choice of time, one call at a time */
    public NetworkRun(Network network, Nodes source, Consumer<State> watcher) {
        this.network = network;
        this.source = source;
        this.watcher = watcher;
    }

    /** Runs it. @throws IOException if the nodes do not come up or do not meet */
    public Account run() throws IOException, InterruptedException {
        start();
        introduce();
        connect();
        stage = "traffic";
        begun = System.nanoTime();
        relays.values().forEach(LinkRelay::begin);
        attackers.forEach(
                (link, attacker) -> attacker.begin(nodes.get(link.to()).address()));
        traffic();
        stage = "waiting for what is on its way";
        attackers.values().forEach(Attacker::stop);
        relays.values().forEach(LinkRelay::heal);
        drain();
        stage = "done";
        show();
        return account();
    }

    @Override
    public void close() {
        relays.values().forEach(LinkRelay::close);
        threads.shutdownNow();
    }

    private void start() throws IOException, InterruptedException {
        Map<String, Future<LiveNode>> starting = new LinkedHashMap<>();
        for (NodeSpec each : network.nodes()) {
            Map<String, String> settings = new HashMap<>(USUAL);
            settings.put("PARLEY_NAME", each.name());
            settings.putAll(each.settings());
            starting.put(each.name(), threads.submit(() -> source.start(each.name(), settings)));
        }
        for (var each : starting.entrySet()) {
            nodes.put(each.getKey(), result(each.getValue()));
        }
    }

    private void introduce() throws IOException {
        for (LinkSpec link : network.links()) {
            introduce(nodes.get(link.from()), nodes.get(link.to()));
            introduce(nodes.get(link.to()), nodes.get(link.from()));
        }
    }

    private static void introduce(LiveNode at, LiveNode peer) throws IOException {
        at.call("POST", "/peers", Map.of("peerId", peer.peerId(), "alias", peer.name()));
        at.call("POST", "/peers/" + peer.peerId() + "/verify", null);
    }

    private void connect() throws IOException, InterruptedException {
        stage = "meeting";
        int number = 0;
        for (LinkSpec link : network.links()) {
            Attacker attacker = Attacker.of(link.attacker(), network.seed() + number);
            LinkRelay relay = new LinkRelay(link, nodes.get(link.to()).address(), attacker, network.seed() + number++);
            attackers.put(link, attacker);
            relays.put(link, relay);
            Map<String, Object> order = new HashMap<>();
            order.put("host", relay.address().getAddress().getHostAddress());
            order.put("port", (long) relay.address().getPort());
            order.put("expect", nodes.get(link.to()).peerId());
            try {
                nodes.get(link.from()).call("POST", "/connections", order);
            } catch (RefusedException notYet) {
                // The node tries again by itself.
            }
        }
        for (LinkSpec link : network.links()) {
            long deadline = System.nanoTime() + MEETING.toNanos();
            while (!up(link)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("no session over " + link.name() + " within " + MEETING.toSeconds() + " s");
                }
                pause();
            }
        }
    }

    /** All that is sent within the network's time. */
    private void traffic() throws IOException, InterruptedException {
        long end = begun + network.duration().toNanos();
        List<Future<Void>> senders = new ArrayList<>();
        int number = 0;
        for (TrafficSpec spec : network.traffic()) {
            TrafficLog log = new TrafficLog(spec.from(), spec.to());
            Random random = new Random(network.seed() * 31 + number++);
            logs.add(log);
            int order = number;
            senders.add(threads.submit(() -> send(spec, log, order, random, end)));
        }
        while (System.nanoTime() < end) {
            pause();
        }
        for (Future<Void> each : senders) {
            result(each);
        }
    }

    private Void send(TrafficSpec spec, TrafficLog log, int stream, Random random, long end)
            throws IOException, InterruptedException {
        LiveNode from = nodes.get(spec.from());
        String to = nodes.get(spec.to()).peerId();
        for (long i = 0; begun + i * spec.every().toNanos() < end; i++) {
            long wait = begun + i * spec.every().toNanos() - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(Duration.ofNanos(wait));
            }
            String text = text(stream, i, spec.size(), random);
            long at = System.currentTimeMillis();
            try {
                Map<?, ?> taken = (Map<?, ?>) from.call("POST", "/messages", Map.of("to", to, "text", text));
                log.sent(String.valueOf(taken.get("id")), text, at);
            } catch (RefusedException full) {
                log.refused();
            }
        }
        return null;
    }

    /** A text that is like no other, of letters that say so when they are read on the wire. */
    private static String text(int stream, long number, int size, Random random) {
        StringBuilder text = new StringBuilder(size)
                .append(stream)
                .append('.')
                .append(number)
                .append(' ');
        while (text.length() < size) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        text.setLength(size);
        return text.toString();
    }

    /** Waits until no node has anything left to deliver. */
    private void drain() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + network.patience().toNanos();
        while (waiting() > 0) {
            if (System.nanoTime() > deadline) {
                faults.add(waiting() + " messages have no final state after "
                        + network.patience().toSeconds() + " s");
                return;
            }
            pause();
        }
    }

    private long waiting() throws IOException {
        long waiting = 0;
        for (LiveNode each : nodes.values()) {
            Map<?, ?> counts = (Map<?, ?>) ((Map<?, ?>) each.call("GET", "/status", null)).get("counts");
            Map<?, ?> messages = (Map<?, ?>) counts.get("messages");
            waiting += number(messages.get("QUEUED")) + number(messages.get("SENT"));
        }
        return waiting;
    }

    private boolean up(LinkSpec link) throws IOException {
        String peer = nodes.get(link.to()).peerId();
        return Inbox.list(nodes.get(link.from()).call("GET", "/sessions", null)).stream()
                .anyMatch(each -> peer.equals(each.get("peerId")) && "UP".equals(each.get("state")));
    }

    private void pause() throws IOException, InterruptedException {
        Thread.sleep(LOOK_MILLIS);
        show();
    }

    private void show() throws IOException {
        List<State.LinkState> links = new ArrayList<>();
        for (var each : relays.entrySet()) {
            LinkSpec link = each.getKey();
            links.add(new State.LinkState(
                    link,
                    up(link),
                    each.getValue().isCut(),
                    handedOver(link.from(), link.to()),
                    handedOver(link.to(), link.from()),
                    each.getValue().connections()));
        }
        double seconds = begun == 0
                ? 0
                : Math.min((System.nanoTime() - begun) / 1e9, network.duration().toMillis() / 1e3);
        watcher.accept(new State(stage, seconds, links));
    }

    private int handedOver(String from, String to) {
        return logs.stream()
                .filter(each -> each.from().equals(from) && each.to().equals(to))
                .mapToInt(TrafficLog::count)
                .sum();
    }

    private Account account() throws IOException {
        List<Account.Pair> pairs = new ArrayList<>();
        List<String> secrets = new ArrayList<>();
        Map<String, List<TrafficLog>> byPair = new LinkedHashMap<>();
        logs.forEach(each -> byPair.computeIfAbsent(each.from() + ">" + each.to(), ignored -> new ArrayList<>())
                .add(each));
        for (List<TrafficLog> all : byPair.values()) {
            LiveNode from = nodes.get(all.getFirst().from());
            LiveNode to = nodes.get(all.getFirst().to());
            pairs.add(Inbox.of(to, from).account(from.name(), to.name(), all));
            all.forEach(log -> log.all().forEach(sent -> secrets.add(sent.text())));
        }
        for (LiveNode each : nodes.values()) {
            secrets.add(each.peerId());
        }
        List<Account.Way> links = new ArrayList<>();
        for (LinkSpec link : network.links()) {
            links.add(way(link, secrets));
        }
        return new Account(network.name(), network.duration().toMillis() / 1e3, pairs, links, List.copyOf(faults));
    }

    private Account.Way way(LinkSpec link, List<String> secrets) throws IOException {
        LiveNode from = nodes.get(link.from());
        LiveNode to = nodes.get(link.to());
        int sessions = lines(from, "SESSION_UP", to);
        LinkRelay relay = relays.get(link);
        return new Account.Way(
                link.name(),
                relay.connections(),
                sessions,
                Math.max(0, sessions - 1),
                lines(from, "TAMPERING", to) + lines(to, "TAMPERING", from),
                relay.bytes(),
                relay.stalls(),
                attackers.get(link).account(secrets));
    }

    private static int lines(LiveNode node, String event, LiveNode peer) throws IOException {
        return (int) node.linesAfter(0).stream()
                .filter(each -> each.event().equals(event)
                        && peer.peerId().equals(each.fields().get("peer")))
                .count();
    }

    private static long number(Object value) {
        return value instanceof Long number ? number : 0;
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException defect -> throw defect;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
