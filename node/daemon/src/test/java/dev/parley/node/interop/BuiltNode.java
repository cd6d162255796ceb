package dev.parley.node.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged node as a process of its own; its scripts wait until it is ready. */
final class BuiltNode implements AutoCloseable {
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final int STOP_SECONDS = 15;

    private final Path home;
    private final Process process;

    private BuiltNode(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    static BuiltNode start(Path home, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dparley.data-dir=" + home.resolve("data"));
        command.add("-jar");
        command.add(JAR.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        return new BuiltNode(
                home,
                builder.redirectOutput(home.resolve("output.txt").toFile()).start());
    }

    Path socket() {
        return home.resolve("data").resolve("admin").resolve("parley.sock");
    }

    /** Whatever a peer sends, the node must take it as the peer's fault and not stumble itself. */
    void wroteNothingThatLooksLikeAFault() throws IOException {
        assertThat(process.isAlive()).as("the node is still there").isTrue();
        assertThat(Files.readString(home.resolve("output.txt")))
                .doesNotContain("Exception")
                .doesNotContain("ERROR");
        assertThat(Files.readString(home.resolve("data").resolve("net.log"))).doesNotContain("\"INTERNAL_ERROR\"");
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
