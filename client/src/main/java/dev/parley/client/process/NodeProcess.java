package dev.parley.client.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real node: a process of its own in a directory of its own, set up as a user would, with {@code CREDENTIALS.txt}. */
public final class NodeProcess {
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 15;

    private final String name;
    private final Path directory;
    private final int port;
    private final Process process;

    private NodeProcess(String name, Path directory, int port, Process process) {
        this.name = name;
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts a node that listens on a loopback port.
     *
     * @param command starts a node in its working directory
     * @param directory the working directory; holds everything the node writes
     * @param settings environment variables on top of ours, from which all that would reach a node were taken
     */
    public static NodeProcess start(
            String name, List<String> command, Path directory, int port, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("CREDENTIALS.txt"), "127.0.0.1 " + port + "\n");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(output(directory).toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("PARLEY_") || key.startsWith("QUARKUS_"));
        builder.environment().putAll(settings);
        return new NodeProcess(name, directory, port, builder.start());
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    public Path socket() {
        return directory.resolve("data/admin/parley.sock");
    }

    public Path netLog() {
        return directory.resolve("data/net.log");
    }

    public Path directory() {
        return directory;
    }

    /** Every file that the node has written, or was given. */
    public List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** @throws IOException if the process has ended */
    public void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " has ended with exit code " + process.exitValue());
        }
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, and the exit code. @throws IOException if it takes more than five seconds; it is killed then */
    public int stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IOException(name + " did not stop within " + STOP.toSeconds() + " s of SIGTERM");
        }
        return process.exitValue();
    }

    /** SIGKILL, for it and what it may have started. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(STOP.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** What is left of a node that has stopped, a line each: a process, an open port, a socket. */
    public List<String> remains() {
        List<String> remains = new ArrayList<>();
        if (process.isAlive()) {
            remains.add(name + "'s process " + pid());
        }
        process.descendants().forEach(each -> remains.add("a process that " + name + " started, " + each.pid()));
        if (isOpen(port)) {
            remains.add(name + "'s port " + port);
        }
        if (Files.exists(socket())) {
            remains.add(name + "'s admin socket");
        }
        return remains;
    }

    /** Whether somebody answers on a loopback port. */
    public static boolean isOpen(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The last lines that the node wrote to its standard output and error. */
    public List<String> lastOutput() {
        try {
            List<String> lines = Files.readAllLines(output(directory));
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of("(no output: " + e.getMessage() + ")");
        }
    }

    public static Path output(Path directory) {
        return directory.resolve("node.out");
    }
}
