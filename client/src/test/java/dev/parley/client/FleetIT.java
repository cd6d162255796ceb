package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of three nodes, from the shell alone: {@code parley ca}, {@code parley identity csr}, {@code parley node}. */
@Tag("long")
@Timeout(300)
class FleetIT {
    private static final Path LAUNCHER = Path.of("parley").toAbsolutePath();
    private static final Path NODE_JAR = Path.of("../node/daemon/target/quarkus-app/quarkus-run.jar");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern LISTEN = Pattern.compile("\"event\":\"NODE_READY\".*?\"listen\":\"[^\"]*:(\\d+)\"");

    @TempDir
    Path directory;

    private Path home;
    private Path ca;
    private final List<Process> nodes = new ArrayList<>();

    record Result(String out, String err, int exitCode) {
        Result succeeded() {
            assertThat(exitCode).as(err).isZero();
            return this;
        }

        @SuppressWarnings("unchecked")
        Map<String, Object> json() {
            return (Map<String, Object>) Json.parse(succeeded().out());
        }
    }

    @BeforeEach
    void find() throws IOException {
        assertThat(NODE_JAR).as("the node has to be packaged").exists();
        // Not below the test's directory: a socket's path is short.
        home = Files.createTempDirectory("fleet-");
        ca = directory.resolve("ca");
    }

    @AfterEach
    void stop() throws Exception {
        for (Process node : nodes) {
            node.destroyForcibly().waitFor();
        }
        try (var all = Files.walk(home)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    @Test
    void threeNodesMeetByCertificateAndARevokedOneIsOut() throws Exception {
        Files.writeString(directory.resolve("passphrase"), "correct horse\n");
        run(directory, "ca", "init", ca.toString(), "--name", "Test fleet", "--passphrase-file", "passphrase")
                .succeeded();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca.resolve("ca.key"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(ca.resolve("ca.key"))).contains("BEGIN ENCRYPTED PRIVATE KEY");
        List<String> names = List.of("alice", "bob", "carol");
        for (String name : names) {
            start(name);
        }
        for (String name : names) {
            enrol(name, name + ".fleet.example");
        }
        for (String name : names) {
            await().atMost(SOON).until(() -> netLog(name).contains("CERTIFICATE_LOADED"));
        }
        for (String other : List.of("bob", "carol")) {
            assertThat(run(home("alice"), "connect", "127.0.0.1", port(other), "--json")
                            .json())
                    .containsEntry("state", "CONNECTED")
                    .containsEntry("alias", other + ".fleet.example")
                    .containsEntry("peerState", "TRUSTED");
        }
        run(home("alice"), "send", "bob.fleet.example", "hello", "--wait", "delivered", "--timeout", "30s")
                .succeeded();
        assertThat(run(home("bob"), "history", "alice.fleet.example")
                        .succeeded()
                        .out())
                .contains("hello");

        String carol = run(home("carol"), "identity", "--id").succeeded().out().strip();
        assertThat(run(directory, "ca", "revoke", ca.toString(), carol, "--reason", "lost", "--json")
                        .json())
                .containsEntry("revoked", carol);
        await().atMost(SOON).until(() -> netLog("alice").contains("\"event\":\"PEER_REVOKED\",\"peer\":\"" + carol));
        await().atMost(SOON).until(() -> !run(home("alice"), "sessions").out().contains("carol"));
        Result refused = run(directory, issue("carol", "carol.fleet.example"));
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("is revoked");
        assertThat(run(home("alice"), "connect", "127.0.0.1", port("carol"), "--once")
                        .exitCode())
                .isEqualTo(7);
        assertThat(run(directory, "ca", "list", ca.toString(), "--json")
                        .succeeded()
                        .out())
                .contains("\"state\":\"revoked\"", "\"state\":\"valid\"", "bob.fleet.example");
        run(home("alice"), "send", "bob.fleet.example", "still there", "--wait", "delivered", "--timeout", "30s")
                .succeeded();
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(run(directory, "ca", "list", "nowhere").exitCode()).isEqualTo(2);
        assertThat(run(directory, "ca", "init", "x").err()).contains("--no-passphrase");
        run(directory, "ca", "init", "x", "--no-passphrase").succeeded();
        assertThat(run(directory, "ca", "init", "x", "--no-passphrase")).satisfies(again -> {
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err()).contains("already");
        });
        assertThat(run(directory, "ca", "issue", "x", "--public-key", "x/ca.crt", "--san", "a")
                        .err())
                .contains("is not a public key in PEM");
        assertThat(run(directory, "ca", "revoke", "x", "nonsense").exitCode()).isEqualTo(2);
        assertThat(run(directory, "ca").exitCode()).isEqualTo(2);
    }

    /** Certificate request, certificate, and the file that the node looks at. */
    private void enrol(String name, String san) throws Exception {
        run(home(name), "identity", "csr", "--san", san, "-o", "node.csr").succeeded();
        run(directory, issue(name, san)).succeeded();
    }

    private String[] issue(String name, String san) {
        return new String[] {
            "ca",
            "issue",
            ca.toString(),
            "--csr",
            home(name).resolve("node.csr").toString(),
            "--san",
            san,
            "--passphrase-file",
            "passphrase",
            "-o",
            home(name).resolve("node.crt").toString()
        };
    }

    private void start(String name) throws IOException {
        Files.createDirectories(home(name));
        nodes.add(builder(
                        home(name),
                        "node",
                        "-Dparley.listen.host=127.0.0.1",
                        "-Dparley.listen.port=0",
                        "-Dparley.identity.bits=2048",
                        "-Dparley.identity.certificate=node.crt",
                        "-Dparley.trust.mode=ca",
                        "-Dparley.trust.ca.anchors=" + ca.resolve("ca.crt"),
                        "-Dparley.trust.ca.revoked=" + ca.resolve("revoked.txt"),
                        "-Dparley.trust.ca.names=*.fleet.example",
                        "-XX:TieredStopAtLevel=1")
                .redirectErrorStream(true)
                .redirectOutput(home(name).resolve("out.txt").toFile())
                .start());
        await().atMost(SOON).until(() -> LISTEN.matcher(netLog(name)).find());
    }

    private Path home(String name) {
        return home.resolve(name);
    }

    private String netLog(String name) throws IOException {
        Path file = home(name).resolve("data/net.log");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private String port(String name) throws IOException {
        Matcher listen = LISTEN.matcher(netLog(name));
        assertThat(listen.find()).isTrue();
        return listen.group(1);
    }

    private Result run(Path in, String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = builder(in, arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Result(Files.readString(out), Files.readString(err), process.exitValue());
    }

    private static ProcessBuilder builder(Path in, String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().keySet().removeIf(key -> key.startsWith("PARLEY_"));
        builder.environment().put("PARLEY_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
