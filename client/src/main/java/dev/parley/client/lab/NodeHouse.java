package dev.parley.client.lab;

import dev.parley.client.attack.ProcessNode;
import dev.parley.client.process.Workspace;
import dev.parley.lab.network.NetworkRun;
import dev.parley.lab.stand.LiveNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes of a network, as processes in a temporary directory. Closing it leaves nothing. */
final class NodeHouse implements NetworkRun.Nodes, AutoCloseable {
    private final List<String> command;
    private final Path directory;
    private final boolean keep;
    private final List<ProcessNode> nodes = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::clear, "network clean-up");

    private NodeHouse(List<String> command, Path directory, boolean keep) {
        this.command = command;
        this.directory = directory;
        this.keep = keep;
    }

    /** @param command starts a node in its working directory; @param keep whether the directory stays */
    static NodeHouse open(List<String> command, boolean keep) throws IOException {
        NodeHouse house = new NodeHouse(command, Workspace.create("parley-net-"), keep);
        Runtime.getRuntime().addShutdownHook(house.hook);
        return house;
    }

    Path directory() {
        return directory;
    }

    @Override
    public LiveNode start(String name, Map<String, String> settings) throws IOException, InterruptedException {
        int port;
        ProcessNode node;
        // One at a time: a port that was found free belongs to its node once that is listed.
        synchronized (this) {
            port = Workspace.freePorts(1)[0];
            node = new ProcessNode(name, command, directory.resolve(name), port, settings);
            nodes.add(node);
            node.launch(Map.of());
        }
        node.awaitReady();
        return node;
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
        for (ProcessNode each : nodes) {
            try {
                each.kill();
            } catch (RuntimeException e) {
                // It never ran, or is gone.
            }
        }
        if (!keep) {
            Workspace.delete(directory);
        }
    }
}
