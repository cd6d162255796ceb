package dev.parley.node.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminCalls;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A node at an address and on data of its own. Its process may die and another take its place; others know it by its name. */
final class Node implements AutoCloseable {

    private final String name;
    private final Path home;
    private final Map<String, String> settings;
    private final String peerId;
    private volatile NodeProcess process;

    private Node(String name, Path home, Map<String, String> settings, NodeProcess process) throws IOException {
        this.name = name;
        this.home = home;
        this.settings = settings;
        this.process = process;
        this.peerId = admin().get("/v1/identity").body().get("peerId").asText();
    }

    /** Makes a node that runs. */
    static Node make(Path home, String name, Map<String, String> settings) throws IOException {
        var all = new HashMap<>(Map.of(
                "parley.identity.bits", "2048",
                "parley.listen.host", "127.0.0.1",
                "parley.reconnect.min", "100ms",
                "parley.reconnect.max", "1s"));
        all.putAll(settings);
        Path own = Files.createDirectory(home.resolve(name));
        NodeProcess first = NodeProcess.start(own, all);
        try {
            String address = first.address();
            all.put("parley.listen.port", address.substring(address.lastIndexOf(':') + 1));
            return new Node(name, own, all, first);
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    Path data() {
        return home.resolve("data");
    }

    int port() {
        return Integer.parseInt(settings.get("parley.listen.port"));
    }

    AdminClient admin() {
        return new AdminClient(home.resolve("data/admin/parley.sock"));
    }

    NodeProcess process() {
        return process;
    }

    /** Trusts another node, and knows it by its name. */
    void trust(Node other) throws IOException {
        expect(200, admin().post("/v1/peers", Map.of("peerId", other.peerId, "alias", other.name)));
    }

    /** Dials another node and keeps the connection, whatever comes of the first attempt. */
    void keepConnectionTo(Node other, int port) throws IOException {
        admin().post("/v1/connections", Map.of("host", "127.0.0.1", "port", port, "expect", other.peerId));
    }

    /** Starts a process in the place of the last one, and does not wait for it. */
    void launch(Map<String, String> more) throws IOException {
        var all = new HashMap<>(settings);
        all.putAll(more);
        process = NodeProcess.launch(home, all);
    }

    void startAgain() throws IOException {
        launch(Map.of());
        process.awaitReady();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** As an operator stops it. */
    void stop(Duration within) throws InterruptedException {
        int code = process.stop(within);
        if (code != 0) {
            throw new AssertionError(name + " stopped with exit code " + code + ": " + process.errors());
        }
    }

    /** Messages that wait to be delivered. */
    long waiting() throws IOException {
        return expect(200, admin().get("/v1/store")).at("/waiting/messages").asLong(-1);
    }

    /** Sends and receipts of files, all that the node knows. */
    JsonNode files() throws IOException {
        return expect(200, admin().get("/v1/files?limit=10000"));
    }

    /** Contents on the disk: of files that are on their way out, or that came or are coming. */
    long spooled() throws IOException {
        try (var contents = Files.list(data().resolve("spool"))) {
            return contents.count();
        }
    }

    /** Copies the content of a file that has come. @return the hash that the node says it has */
    String download(String id, OutputStream to) throws IOException {
        AdminCalls.Answer answer = new AdminCalls(process.socket()).download("/v1/files/" + id + "/content", to);
        if (answer.status() != 200) {
            throw new AssertionError(name + " answered " + answer.status() + " for the content of " + id);
        }
        return answer.headers().get("Parley-Sha256");
    }

    static JsonNode expect(int status, AdminClient.Reply reply) {
        if (reply.status() != status) {
            throw new AssertionError("status " + reply.status() + ", not " + status + ": " + reply.body());
        }
        return reply.body();
    }

    @Override
    public void close() {
        process.close();
    }
}
