package dev.parley.node.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The packaged node as a process of its own, in a directory of its own, on free ports. What it prints is in
 * {@code out.txt} and {@code err.txt} there. Closing it kills what is still running.
 */
public final class NodeProcess implements AutoCloseable {
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Most of these processes are too short-lived for better code to pay. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Pattern LISTEN = Pattern.compile("\"event\":\"NODE_READY\".*\"listen\":\"([^\"]+)\"");

    private final Path home;
    private final Process process;

    private NodeProcess(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    /**
     * Starts it and does not wait.
     *
     * @param settings system properties; whatever of the environment would set the node is taken out of it
     */
    public static NodeProcess launch(Path home, Map<String, String> settings) throws IOException {
        return launch(home, settings, List.of());
    }

    /** As {@link #launch(Path, Map)}, with these options of the JVM. */
    public static NodeProcess launch(Path home, Map<String, String> settings, List<String> options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(QUICK);
        command.addAll(options);
        command.addAll(List.of("-jar", JAR.toString()));
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(home.resolve("out.txt").toFile())
                .redirectError(home.resolve("err.txt").toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("PARLEY_") || key.startsWith("QUARKUS_"));
        return new NodeProcess(home, builder.start());
    }

    /** Starts it on a free port and waits until it is ready. */
    public static NodeProcess start(Path home, Map<String, String> settings) throws IOException {
        var all = new java.util.HashMap<>(Map.of("parley.listen.host", "127.0.0.1", "parley.listen.port", "0"));
        all.putAll(settings);
        var node = launch(home, all);
        try {
            node.awaitReady();
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    /** Waits until net.log of this process says that it is ready; fails at once if it has ended. */
    public void awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the node has ended: " + errors());
                    }
                })
                .until(() -> errors().contains("ready: ") && listen().find());
    }

    /** {@code ip:port} where it takes connections. */
    public String address() {
        var listen = listen();
        if (!listen.find()) {
            throw new IllegalStateException("the node is not ready");
        }
        String last = listen.group(1);
        while (listen.find()) {
            last = listen.group(1);
        }
        return last;
    }

    public Path socket() {
        return home.resolve("data/admin/parley.sock");
    }

    public String errors() {
        return read("err.txt");
    }

    public String output() {
        return read("out.txt");
    }

    public String netLog() {
        return read("data/net.log");
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP, SIGCONT and their like. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " " + pid() + ": exit code " + code);
        }
    }

    /** Waits for the end. @return the exit code */
    public int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the node has not ended within " + atMost + ": " + errors());
        }
        return process.exitValue();
    }

    /** SIGTERM. @return the exit code */
    public int stop(Duration atMost) throws InterruptedException {
        process.destroy();
        return awaitExit(atMost);
    }

    /** SIGKILL, and waits for the end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Matcher listen() {
        return LISTEN.matcher(netLog());
    }

    private String read(String name) {
        try {
            var file = home.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
