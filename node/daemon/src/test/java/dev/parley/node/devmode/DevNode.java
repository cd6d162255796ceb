package dev.parley.node.devmode;

import static org.awaitility.Awaitility.await;

import dev.parley.node.testing.AdminClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A node in dev mode, on a copy of the sources that a test may change, as the README of the node has it started. */
final class DevNode implements AutoCloseable {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final List<String> NEEDED = List.of("pom.xml", "mvnw", ".mvn", "node", "client", "deploy");
    private static final Duration BUILD = Duration.ofMinutes(8);
    private static final Duration END = Duration.ofSeconds(30);
    private static final Pattern LISTEN = Pattern.compile("peers connect to 127\\.0\\.0\\.1:(\\d+)");

    private final Path home;
    private final Process process;

    private DevNode(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    /** Builds and starts it, and does not wait. */
    static DevNode launch(Path home) throws IOException {
        Path sources = Files.createDirectories(home.resolve("sources"));
        for (String each : NEEDED) {
            copy(ROOT.resolve(each), sources.resolve(each));
        }
        Files.writeString(home.resolve("CREDENTIALS.txt"), "127.0.0.1 3001\n");
        var builder = new ProcessBuilder(
                        "./mvnw",
                        "-B",
                        "-ntp",
                        "-pl",
                        "node/daemon",
                        "-am",
                        "quarkus:dev",
                        "-Ddebug=false",
                        "-Dquarkus.analytics.disabled=true",
                        // There is no terminal.
                        "-Dquarkus.console.enabled=false",
                        // Formatting is a matter of the build.
                        "-Dspotless.check.skip")
                .directory(sources.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out.txt").toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("PARLEY_") || key.startsWith("QUARKUS_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PARLEY_DATA_DIR", home.resolve("data").toString());
        environment.put("PARLEY_CREDENTIALS", home.resolve("CREDENTIALS.txt").toString());
        environment.put("PARLEY_LISTEN_PORT", "0");
        environment.put("PARLEY_IDENTITY_BITS", "2048");
        return new DevNode(home, builder.start());
    }

    /** Fails at once if it has ended. */
    void awaitReady() {
        await().atMost(BUILD)
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("dev mode has ended: " + output());
                    }
                })
                .until(() -> listen().find());
    }

    AdminClient admin() {
        return new AdminClient(home.resolve("data/admin/parley.sock"));
    }

    /** Of the last start; with port 0 each has another. */
    int port() {
        Matcher listen = listen();
        int port = 0;
        while (listen.find()) {
            port = Integer.parseInt(listen.group(1));
        }
        return port;
    }

    /** Changes a source file of the copy as an editor does: whole, in one step. */
    void change(String file, String from, String to) throws IOException {
        Path path = home.resolve("sources").resolve(file);
        String before = Files.readString(path);
        String after = before.replace(from, to);
        if (after.equals(before)) {
            throw new AssertionError("there is no " + from + " in " + file);
        }
        Path written = Files.writeString(path.resolveSibling("written.tmp"), after);
        Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    }

    String output() {
        try {
            return Files.readString(home.resolve("out.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String netLog() throws IOException {
        return Files.readString(home.resolve("data/net.log"));
    }

    private Matcher listen() {
        return LISTEN.matcher(output());
    }

    /** The node of dev mode is a child of Maven's process, and that of the wrapper's. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(END.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                each.destroyForcibly();
            }
        }
    }

    /** With what is compiled already, and with its times, so that not everything is compiled again. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (wanted(from.relativize(each))) {
                    if (Files.isDirectory(each)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
            }
        }
    }

    private static boolean wanted(Path path) {
        for (int i = 0; i < path.getNameCount(); i++) {
            String name = path.getName(i).toString();
            if (name.equals("node_modules")) {
                return false;
            }
            if (name.equals("target")) {
                return path.getNameCount() == i + 1
                        || path.getName(i + 1).toString().equals("classes");
            }
        }
        return true;
    }
}
