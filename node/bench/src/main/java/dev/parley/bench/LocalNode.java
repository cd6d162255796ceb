package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node that was built here, as a process with a directory of its own. Closing it stops it. */
final class LocalNode implements AutoCloseable {

    private static final long READY_WITHIN_MILLIS = 60_000;
    private static final long STOPPED_WITHIN_SECONDS = 20;
    private static final Pattern READY = Pattern.compile("\"event\":\"NODE_READY\".*\"listen\":\"[^\"]+:(\\d+)\"");
    private static final Pattern PEER_ID = Pattern.compile("\"peerId\":\"([^\"]+)\"");

    private final Path home;
    private final Process process;
    private final int port;

    private LocalNode(Path home, Process process, int port) {
        this.home = home;
        this.process = process;
        this.port = port;
    }

    /** @param jar {@code quarkus-run.jar}, @param options for its JVM */
    static LocalNode start(Path jar, Path home, List<String> options, Map<String, String> settings)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output.txt").toFile())
                .start();
        long deadline = System.currentTimeMillis() + READY_WITHIN_MILLIS;
        while (process.isAlive() && System.currentTimeMillis() < deadline) {
            Path log = home.resolve("data/net.log");
            Matcher ready = READY.matcher(Files.exists(log) ? Files.readString(log) : "");
            if (ready.find()) {
                return new LocalNode(home, process, Integer.parseInt(ready.group(1)));
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IOException("the node did not start: " + Files.readString(home.resolve("output.txt")));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    Admin admin() throws IOException {
        return new Admin(home.resolve("data/admin/parley.sock"));
    }

    String peerId() throws IOException {
        try (Admin admin = admin()) {
            return admin.get("/v1/identity").expect(200).find(PEER_ID);
        }
    }

    void trust(LocalNode other, String alias) throws IOException {
        try (Admin admin = admin()) {
            admin.post("/v1/peers", "{\"peerId\":\"%s\",\"alias\":\"%s\"}".formatted(other.peerId(), alias))
                    .expect(200);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
