package dev.parley.client.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the demo does when things go wrong; that it goes well with real nodes is for continuous integration. */
@Timeout(60)
class DemoTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void saysWhichStepFailedAndWhatTheNodeSaidLast() throws IOException {
        assertThat(run("echo the port is taken; exit 3", false, false)).isFalse();
        assertThat(text(out))
                .contains("✗  1  two nodes start, each with a new identity")
                .contains("alice has ended with exit code 3");
        assertThat(text(err))
                .contains("the last that alice said:\n    the port is taken\n")
                .contains("error: the demo failed: step 1 (two nodes start, each with a new identity) failed:");
    }

    @Test
    void leavesNoProcessAndNoFileWhenItFails() throws IOException {
        Path pids = directory.resolve("pids");
        Path where = directory.resolve("where");
        // Bob stays, with a child of his own; alice dies.
        String node = "case $PWD in */bob) echo $$ >> " + pids + "; pwd > " + where + "; sleep 300 & echo $! >> " + pids
                + "; wait ;; esac; until [ -s " + where + " ]; do :; done; exit 1";
        assertThat(run(node, false, false)).isFalse();
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(2);
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(started)
                        .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid))
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
        assertThat(Path.of(Files.readString(where).strip()).getParent()).doesNotExist();
    }

    @Test
    void keepsTheDirectoryWhenAsked() throws IOException {
        assertThat(run("exit 1", true, false)).isFalse();
        Path kept = Path.of(text(err)
                .lines()
                .filter(line -> line.startsWith("the nodes' files are in "))
                .findFirst()
                .orElseThrow()
                .replace("the nodes' files are in ", ""));
        assertThat(Files.readString(kept.resolve("alice/CREDENTIALS.txt"))).matches("127\\.0\\.0\\.1 \\d+\n");
        delete(kept);
    }

    @Test
    void takesNoSettingOfTheUsersEnvironmentAlong() throws IOException {
        Path seen = directory.resolve("environment");
        assertThat(run("env > " + seen + ".$(basename $PWD); exit 1", false, false))
                .isFalse();
        assertThat(Files.readAllLines(Path.of(seen + ".alice")))
                .contains("PARLEY_SUITES=A256GCM", "PARLEY_NAME=Alice of Parley")
                .noneMatch(line -> line.startsWith("PARLEY_DATA_DIR"));
    }

    @Test
    void tellsAProgramInOneDocument() throws IOException {
        assertThat(run("exit 1", false, true)).isFalse();
        var document = (Map<?, ?>) Json.parse(text(out));
        assertThat(document.get("passed")).isEqualTo(false);
        var step = (Map<?, ?>) ((List<?>) document.get("steps")).getFirst();
        assertThat(step.get("number")).isEqualTo(1L);
        assertThat(step.get("passed")).isEqualTo(false);
        assertThat(step.get("problem")).isEqualTo("alice has ended with exit code 1");
    }

    private boolean run(String script, boolean keep, boolean json) {
        var request = new Demo.Request(List.of("/bin/sh", "-c", script), List.of("A256GCM"), keep, json);
        return new Demo(request, stream(out), stream(err), new Look(false)).run();
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream of) {
        return of.toString(StandardCharsets.UTF_8);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
