package dev.parley.client.attack;

import dev.parley.client.process.Workspace;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.RefusedException;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two nodes in a temporary directory, started for the lab. Closing it leaves nothing. */
final class ProcessStand implements Stand, AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(25);

    private final List<String> command;
    private final Path directory;
    private final boolean keep;
    private final ProcessNode alice;
    private final ProcessNode bob;
    private final List<ProcessNode> added = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::clear, "stand clean-up");
    private int directories;

    private ProcessStand(List<String> command, Path directory, boolean keep) throws IOException {
        this.command = command;
        this.directory = directory;
        this.keep = keep;
        int[] ports = Workspace.freePorts(2);
        this.alice = node("alice", ports[0], Map.of());
        this.bob = node("bob", ports[1], Map.of());
    }

    /**
     * Starts both nodes and has them verify each other.
     *
     * @param command starts a node in its working directory
     * @param keep whether the directory stays
     */
    static ProcessStand create(List<String> command, boolean keep) throws IOException, InterruptedException {
        ProcessStand stand = new ProcessStand(command, Workspace.create("parley-lab-"), keep);
        Runtime.getRuntime().addShutdownHook(stand.hook);
        try {
            stand.alice.launch(Map.of());
            stand.bob.launch(Map.of());
            stand.alice.awaitReady();
            stand.bob.awaitReady();
            stand.restore();
            return stand;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stand.close();
            throw e;
        }
    }

    private ProcessNode node(String name, int port, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "PARLEY_NAME", name,
                // What strangers do is told in full again soon after a flood of them was summed up.
                "PARLEY_AUDIT_STRANGERS_WINDOW", "1s",
                "PARLEY_RECONNECT_MIN", "200ms",
                "PARLEY_RECONNECT_MAX", "1s"));
        settings.putAll(more);
        return new ProcessNode(name, command, directory.resolve(name), port, settings);
    }

    /** Where everything of it is. */
    Path home() {
        return directory;
    }

    @Override
    public LiveNode alice() {
        return alice;
    }

    @Override
    public LiveNode bob() {
        return bob;
    }

    @Override
    public List<LiveNode> nodes() {
        List<LiveNode> all = new ArrayList<>(List.of(alice, bob));
        all.addAll(added);
        return all;
    }

    @Override
    public LiveNode node(String name) {
        return nodes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the stand has no node " + name));
    }

    @Override
    public LiveNode add(String name, Map<String, String> settings) throws IOException, InterruptedException {
        // A directory of its own each time: who comes again under a name is somebody else.
        String place = name + "-" + ++directories;
        ProcessNode node = new ProcessNode(
                name,
                command,
                directory.resolve(place),
                Workspace.freePorts(1)[0],
                merged(Map.of("PARLEY_NAME", name), settings));
        added.add(node);
        node.start(Map.of());
        return node;
    }

    private static Map<String, String> merged(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    @Override
    public String meet(InetSocketAddress through) throws IOException, InterruptedException {
        dial(through);
        return awaitSession(through);
    }

    @Override
    public String dial(InetSocketAddress through) throws IOException, InterruptedException {
        part();
        try {
            Object reply = alice.call(
                    "POST",
                    "/connections",
                    Map.of(
                            "host",
                            through.getAddress().getHostAddress(),
                            "port",
                            (long) through.getPort(),
                            "expect",
                            bob.peerId()));
            return reply instanceof Map<?, ?> fields && "CONNECTED".equals(fields.get("state")) ? "up" : "waiting";
        } catch (RefusedException refused) {
            return refused.code();
        }
    }

    /** Nobody keeps a connection, and no session is left. */
    private void part() throws IOException, InterruptedException {
        for (ProcessNode each : List.of(alice, bob)) {
            for (Map<?, ?> connection : list(each.call("GET", "/connections", null))) {
                quietly(each, "DELETE", "/connections/" + encode(connection.get("address")));
            }
        }
        await("the sessions' end", () -> {
            boolean none = true;
            for (ProcessNode each : List.of(alice, bob)) {
                for (Map<?, ?> session : list(each.call("GET", "/sessions", null))) {
                    none = false;
                    quietly(each, "DELETE", "/sessions/" + session.get("sessionId"));
                }
            }
            return none ? true : null;
        });
    }

    private String awaitSession(InetSocketAddress through) throws IOException, InterruptedException {
        String address = through.getAddress().getHostAddress() + ":" + through.getPort();
        return await("one session, the same at both ends, through " + address, () -> {
            List<Map<?, ?>> here = up(alice);
            List<Map<?, ?>> there = up(bob);
            boolean same = here.size() == 1
                    && there.size() == 1
                    && here.getFirst().get("sessionId").equals(there.getFirst().get("sessionId"))
                    && here.getFirst().get("remoteAddress").equals(address);
            return same ? here.getFirst().get("sessionId").toString() : null;
        });
    }

    private static List<Map<?, ?>> up(ProcessNode node) throws IOException {
        return list(node.call("GET", "/sessions", null)).stream()
                .filter(each -> "UP".equals(each.get("state")))
                .toList();
    }

    @Override
    public String deliver(LiveNode from, LiveNode to, String text) throws IOException {
        Object reply =
                from.call("POST", "/messages?wait=delivered&timeout=PT20S", Map.of("to", to.peerId(), "text", text));
        Map<?, ?> message = (Map<?, ?>) reply;
        Object state = list(message.get("deliveries")).getFirst().get("state");
        if (!"DELIVERED".equals(state)) {
            throw new IOException("a message from " + from.name() + " to " + to.name() + " is still " + state);
        }
        return message.get("id").toString();
    }

    @Override
    public List<String> received(LiveNode at, LiveNode from) throws IOException {
        List<String> texts = new ArrayList<>();
        Object after = 0L;
        while (true) {
            Map<?, ?> page =
                    (Map<?, ?>) at.call("GET", "/history?peer=" + from.peerId() + "&limit=500&after=" + after, null);
            List<Map<?, ?>> entries = list(page.get("entries"));
            if (entries.isEmpty()) {
                return texts;
            }
            for (Map<?, ?> each : entries) {
                after = each.get("cursor");
                if ("IN".equals(each.get("direction")) && each.get("text") != null) {
                    texts.add(each.get("text").toString());
                }
            }
        }
    }

    @Override
    public void restore() throws IOException, InterruptedException {
        for (ProcessNode each : added) {
            each.kill();
        }
        added.clear();
        for (ProcessNode each : List.of(alice, bob)) {
            if (!each.isRunning()) {
                each.start(Map.of());
            }
        }
        know(alice, bob);
        know(bob, alice);
        if (isDirect()) {
            return;
        }
        meet(bob.address());
    }

    private boolean isDirect() throws IOException {
        String address = bob.address().getAddress().getHostAddress() + ":"
                + bob.address().getPort();
        List<Map<?, ?>> here = up(alice);
        List<Map<?, ?>> there = up(bob);
        return here.size() == 1
                && there.size() == 1
                && here.getFirst().get("sessionId").equals(there.getFirst().get("sessionId"))
                && address.equals(here.getFirst().get("remoteAddress"));
    }

    private static void know(ProcessNode at, ProcessNode peer) throws IOException {
        for (Map<?, ?> each : list(at.call("GET", "/peers", null))) {
            if (each.get("peerId").equals(peer.peerId()) && "VERIFIED".equals(each.get("state"))) {
                return;
            }
        }
        Map<String, Object> introduction = new LinkedHashMap<>();
        introduction.put("peerId", peer.peerId());
        introduction.put("alias", peer.name());
        at.call("POST", "/peers", introduction);
        at.call("POST", "/peers/" + peer.peerId() + "/verify", null);
    }

    @Override
    public void exchange() throws IOException {
        deliver(alice, bob, "are you there?");
        deliver(bob, alice, "yes, and you?");
    }

    @Override
    public synchronized Path directory() throws IOException {
        return Files.createDirectories(directory.resolve("attack-" + ++directories));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already: the hook does the same work.
            return;
        }
        clear();
    }

    private synchronized void clear() {
        for (LiveNode each : nodes()) {
            try {
                each.kill();
            } catch (InterruptedException | RuntimeException e) {
                // It never ran, or is gone.
            }
        }
        if (!keep) {
            Workspace.delete(directory);
        }
    }

    private static void quietly(ProcessNode node, String method, String path) throws IOException {
        try {
            node.call(method, path, null);
        } catch (RefusedException gone) {
            // It was gone before.
        }
    }

    private static String encode(Object text) {
        return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
    }

    private static List<Map<?, ?>> list(Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> items) {
            items.forEach(each -> maps.add((Map<?, ?>) each));
        }
        return maps;
    }

    @FunctionalInterface
    private interface Question<T> {
        /** @return null while it is not so */
        T ask() throws IOException;
    }

    private static <T> T await(String what, Question<T> question) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (true) {
            T answer = question.ask();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(what + " was not seen within " + SOON.toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
    }
}
