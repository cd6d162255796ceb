package dev.parley.client.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** All that the demo makes: a temporary directory, a tapped wire, the nodes' processes. Closing it leaves nothing. */
final class World implements AutoCloseable {
    /** Linux takes 107 bytes for the path of a socket, macOS 103; below the directory come some 30. */
    private static final int LONGEST_DIRECTORY = 70;

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
        Path directory = temporaryDirectory();
        int[] ports = freePorts();
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
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            deepestFirst.sort(Comparator.reverseOrder());
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    private static Path temporaryDirectory() throws IOException {
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        Path parent = usual.toString().length() <= LONGEST_DIRECTORY - 24 ? usual : Path.of("/tmp");
        return Files.createTempDirectory(parent, "parley-demo-", mine).toRealPath();
    }

    /** Two ports that are free now; held together, so that they differ. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {one.getLocalPort(), other.getLocalPort()};
        }
    }
}
