package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code client/parley} and the packaged client, as processes, against a socket that answers like a node. */
@Timeout(120)
class LauncherIT {
    private static final Path LAUNCHER = Path.of("parley").toAbsolutePath();
    private static final Path PACKED = Path.of("target", "parley").toAbsolutePath();

    @TempDir
    Path directory;

    private Path shortDirectory;
    private Path socket;
    private ServerSocketChannel server;

    record Result(String out, String err, int exitCode) {}

    @BeforeEach
    void serve() throws IOException {
        shortDirectory = Files.createTempDirectory("p-");
        socket = shortDirectory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(shortDirectory);
    }

    private void answer() {
        while (true) {
            try (SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(1 << 16));
                String head = "HTTP/1.1 200 OK\r\nParley-Api-Version: 1\r\n\r\n";
                client.write(ByteBuffer.wrap((head + Samples.STATUS).getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return;
            }
        }
    }

    private Result run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PARLEY_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(Files.readString(out), Files.readString(err), process.exitValue());
    }

    @Test
    void theAnswerAloneIsOnStdout() throws Exception {
        Result run = run(LAUNCHER, Map.of("PARLEY_SOCKET", socket.toString()), "status", "--json");
        assertThat(run).isEqualTo(new Result(Samples.STATUS + "\n", "", 0));
    }

    @Test
    void anyDirectoryAndASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("p"), LAUNCHER);
        Path linkToLink = Files.createSymbolicLink(directory.resolve("q"), Path.of("p"));
        assertThat(link).exists();
        assertThat(run(linkToLink, Map.of(), "--socket", socket.toString(), "status")
                        .out())
                .startsWith("node        bob (ready");
    }

    /** Signed jars are verified when the first of their classes is loaded, which takes as long as a whole command. */
    @Test
    void onlyTheAuthoritysCommandsLoadTheAuthority() throws Exception {
        Path log = directory.resolve("classes");
        Map<String, String> tell = Map.of("PARLEY_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        for (String command : List.of("version", "--help")) {
            assertThat(run(LAUNCHER, tell, command).exitCode()).isZero();
            assertThat(Files.readString(log))
                    .contains("dev.parley.client.Main")
                    .doesNotContain("dev.parley.authority", "org.bouncycastle");
        }
        run(LAUNCHER, tell, "ca", "list", "nowhere");
        assertThat(Files.readString(log)).contains("dev.parley.authority.Authority");
    }

    @Test
    void noNode() throws Exception {
        assertThat(run(LAUNCHER, Map.of(), "status"))
                .isEqualTo(new Result(
                        "",
                        "error: there is no socket data/admin/parley.sock\nhint: is the node running? start it with"
                                + " `parley node` in the same directory, or name its socket with --socket\n",
                        3));
    }

    @Test
    void lettersSurviveTheCLocale() throws Exception {
        // Set by a script: a JVM that runs in the C locale itself could not hand such letters on.
        Path script = Files.writeString(
                directory.resolve("c-locale"),
                "#!/bin/sh\nPARLEY_SOCKET='/tmp/nö-sücket-漢' exec '" + LAUNCHER + "' \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Result run = run(script, Map.of("LC_ALL", "C"), "status");
        assertThat(run.err()).contains("/tmp/nö-sücket-漢");
    }

    /** Another JDK, another build: what the JVM says about it must not reach the answer. */
    @Test
    void aCacheThatIsNoneIsIgnoredSilently() throws Exception {
        Path copy = Files.createDirectories(directory.resolve("home/client/target/parley"));
        Files.copy(PACKED.resolve("parley.jar"), copy.resolve("parley.jar"));
        Files.copy(LAUNCHER, directory.resolve("home/client/parley"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(directory.resolve("home/.mvn"));
        Files.copy(
                LAUNCHER.resolve("../../.mvn/find-java.sh").normalize(), directory.resolve("home/.mvn/find-java.sh"));
        Path launcher = directory.resolve("home/client/parley");
        Map<String, String> environment = Map.of("PARLEY_SOCKET", socket.toString());
        Result withoutCache = run(launcher, environment, "status", "--json");
        assertThat(withoutCache).isEqualTo(new Result(Samples.STATUS + "\n", "", 0));
        Files.writeString(copy.resolve("parley.aot"), "not a cache");
        Result withRubbish = run(launcher, environment, "status", "--json");
        assertThat(withRubbish).isEqualTo(new Result(Samples.STATUS + "\n", "", 0));
        // Recorded for a jar in another place.
        Files.copy(
                PACKED.resolve("parley.aot"),
                copy.resolve("parley.aot"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Result withAnother = run(launcher, environment, "status", "--json");
        assertThat(withAnother).isEqualTo(new Result(Samples.STATUS + "\n", "", 0));
    }

    @Test
    void theCacheIsThereAndTheJvmTakesIt() throws Exception {
        assertThat(PACKED.resolve("parley.aot")).isNotEmptyFile();
        // With the cache required, a refused one ends the JVM.
        Map<String, String> strict = Map.of("PARLEY_SOCKET", socket.toString(), "PARLEY_JAVA_OPTS", "-XX:AOTMode=on");
        assertThat(run(LAUNCHER, strict, "status", "--json")).isEqualTo(new Result(Samples.STATUS + "\n", "", 0));
    }

    @Test
    void nothingWasBuilt() throws Exception {
        Files.createDirectories(directory.resolve("bare/client"));
        Files.createDirectories(directory.resolve("bare/.mvn"));
        Path launcher = directory.resolve("bare/client/parley");
        Files.copy(LAUNCHER, launcher, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(
                LAUNCHER.resolve("../../.mvn/find-java.sh").normalize(), directory.resolve("bare/.mvn/find-java.sh"));
        Result run = run(launcher, Map.of(), "status");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).matches("error: there is no .*parley.jar\nhint: run ./mvnw package.*\n");
    }

    @Test
    void whatTheNodeDoesNotTakeIsRefused() throws Exception {
        Path node = Path.of("../node/daemon/target/quarkus-app/quarkus-run.jar");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(node), "the node was not built");
        Result run = run(LAUNCHER, Map.of(), "node", "--port", "4001");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("error: parley node does not take '--port'\nhint: settings are ");
    }

    /** The Quarkus application itself, which the launcher goes round. */
    @Test
    void theQuarkusApplication() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String jar = Path.of("target", "quarkus-app", "quarkus-run.jar")
                .toAbsolutePath()
                .toString();
        Result run = run(java, Map.of("PARLEY_SOCKET", socket.toString()), "-jar", jar, "status", "--json");
        assertThat(run.out()).isEqualTo(Samples.STATUS + "\n");
        assertThat(run.exitCode()).isZero();
    }
}
