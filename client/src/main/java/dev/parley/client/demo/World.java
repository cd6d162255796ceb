package dev.parley.client.demo;

import dev.parley.client.process.NodeProcess;
import dev.parley.client.process.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** All that the demo makes: a temporary directory, a tapped wire, the nodes' processes. Closing it leaves nothing. */
final class World implements AutoCloseable {
    private final List<String> nodeCommand;
    private final boolean keep;
    private final Path directory;
    private final int alicePort;
    private final int bobPort;
    private final WireTap tap;
    private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();
    private final Thread hook;

    private World(
            List<String> nodeCommand, boolean keep, Path directory, int[] ports, WireTap tap, Runnable whenStopped) {
        this.nodeCommand = nodeCommand;
        this.keep = keep;
        this.directory = directory;
        this.alicePort = ports[0];
        this.bobPort = ports[1];
        this.tap = tap;
        this.hook = new Thread(
                () -> {
                    whenStopped.run();
                    clear();
                },
                "demo clean-up");
    }

    /**
     * @param nodeCommand starts a node in its working directory
     * @param keep whether the directory stays
     * @param whenStopped run if the JVM is told to stop before the world is closed
     */
    static World create(List<String> nodeCommand, boolean keep, Runnable whenStopped) throws IOException {
        Path directory = Workspace.create("parley-demo-");
        int[] ports = Workspace.freePorts(2);
        World world = new World(nodeCommand, keep, directory, ports, WireTap.before(ports[1]), whenStopped);
        Runtime.getRuntime().addShutdownHook(world.hook);
        return world;
    }

    NodeProcess startAlice(Map<String, String> settings) throws IOException {
        return start("alice", alicePort, settings);
    }

    NodeProcess startBob(Map<String, String> settings) throws IOException {
        return start("bob", bobPort, settings);
    }

    private NodeProcess start(String name, int port, Map<String, String> settings) throws IOException {
        NodeProcess node = NodeProcess.start(name, nodeCommand, directory.resolve(name), port, settings);
        nodes.add(node);
        return node;
    }

    /** In front of bob: whoever dials it reaches him. */
    WireTap tap() {
        return tap;
    }

    Path directory() {
        return directory;
    }

    List<NodeProcess> nodes() {
        return List.copyOf(nodes);
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
        tap.close();
        nodes.forEach(NodeProcess::kill);
        if (!keep) {
            Workspace.delete(directory);
        }
    }
}
