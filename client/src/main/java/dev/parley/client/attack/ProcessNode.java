package dev.parley.client.attack;

import dev.parley.admin.IdentityInfo;
import dev.parley.admin.NodeStatus;
import dev.parley.client.http.TransportException;
import dev.parley.client.node.Node;
import dev.parley.client.node.ProblemException;
import dev.parley.client.process.NodeProcess;
import dev.parley.lab.stand.LiveNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node that the lab has started. */
public final class ProcessNode implements LiveNode {
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(25);

    private final String name;
    private final List<String> command;
    private final Path directory;
    private final int port;
    private final Map<String, String> settings;
    private final NetLogReader log;
    private volatile NodeProcess process;
    private volatile Node node;
    private String peerId;
    private byte[] publicKey;

    public ProcessNode(String name, List<String> command, Path directory, int port, Map<String, String> settings) {
        this.name = name;
        this.command = List.copyOf(command);
        this.directory = directory;
        this.port = port;
        this.settings = Map.copyOf(settings);
        this.log = new NetLogReader(directory.resolve("data/net.log"));
    }

    /** Starts the process, and does not wait. */
    public void launch(Map<String, String> more) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        process = NodeProcess.start(name, command, directory, port, all);
        node = Node.at(process.socket());
    }

    /** Waits until it works. */
    public void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new IOException(
                        name + " has ended; the last that it said: " + String.join(" | ", process.lastOutput()));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(name + " was not ready within " + READY.toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
        IdentityInfo identity = node.get(IdentityInfo.class, "/identity").value();
        peerId = identity.peerId();
        publicKey = Base64.getMimeDecoder()
                .decode(identity.publicKeyPem()
                        .replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                        .trim());
    }

    private boolean isReady() throws IOException {
        try {
            return node.get(NodeStatus.class, "/status").value().ready();
        } catch (TransportException e) {
            if (e.kind() == TransportException.Kind.UNREACHABLE) {
                return false;
            }
            throw e;
        } catch (ProblemException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String peerId() {
        return peerId;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    @Override
    public Path adminSocket() {
        return process.socket();
    }

    @Override
    public Object call(String method, String path, Object body) throws IOException {
        try {
            return node.plain(method, path, body, CALL);
        } catch (ProblemException e) {
            String detail = e.problem().detail();
            throw new RefusedException(e.problem().code(), detail == null ? e.getMessage() : detail);
        }
    }

    @Override
    public long lastLine() throws IOException {
        List<LogLine> all = lines();
        return all.isEmpty() ? 0 : all.getLast().seq();
    }

    @Override
    public List<LogLine> linesAfter(long seq) throws IOException {
        return lines().stream().filter(each -> each.seq() > seq).toList();
    }

    private List<LogLine> lines() throws IOException {
        synchronized (log) {
            return log.lines();
        }
    }

    @Override
    public boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        process.stop();
    }

    @Override
    public void start(Map<String, String> more) throws IOException, InterruptedException {
        launch(more);
        awaitReady();
    }

    @Override
    public String toString() {
        return name;
    }
}
