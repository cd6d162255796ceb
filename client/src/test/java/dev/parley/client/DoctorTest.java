package dev.parley.client;

import static dev.parley.client.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.doctor.StoppedNode;
import dev.parley.client.doctor.SystemTables;
import dev.parley.client.http.TransportException;
import dev.parley.client.json.Json;
import dev.parley.evidence.DemoLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley doctor}, with a node that answers and with files alone; each check is seen to turn. */
class DoctorTest {
    private static final String WELL =
            json("{'at':'2026-01-01T12:00:00Z','findings':[{'check':'disk','level':'OK','text':'room'}]}");

    @TempDir
    Path directory;

    private Path data;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void stopped() throws IOException {
        data = Files.createDirectory(
                directory.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write("identity.pem", "-----BEGIN PRIVATE KEY-----\n");
        environment.put("PARLEY_DATA_DIR", data.toString());
        environment.put(
                "PARLEY_CREDENTIALS", directory.resolve("CREDENTIALS.txt").toString());
        Files.writeString(directory.resolve("CREDENTIALS.txt"), "127.0.0.1 " + freePort() + "\n");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(data.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Invocation run(FakeTransport transport, String... arguments) {
        return Invocation.run(transport, "", false, environment, arguments);
    }

    private static FakeTransport nobody() {
        return new FakeTransport()
                .on(
                        "GET /v1/doctor",
                        new TransportException(TransportException.Kind.UNREACHABLE, "there is no socket x"));
    }

    /** What a check has found with files alone: "LEVEL text". */
    private List<String> found(String check) {
        Invocation run = run(nobody(), "doctor", "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(9);
        Map<?, ?> reply = (Map<?, ?>) Json.parse(run.out());
        assertThat(reply.get("running")).isEqualTo(false);
        return ((List<?>) reply.get("findings"))
                .stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> each.get("check").equals(check))
                        .map(each -> each.get("level") + " " + each.get("text"))
                        .toList();
    }

    @Test
    void theNodeSaysAndTheChainIsVerifiedHere() throws IOException {
        DemoLog log = DemoLog.write(directory, new SecureRandom());
        var transport = ofLog(log);
        var well = run(transport, "doctor");
        assertThat(well.exitCode()).isZero();
        assertThat(well.out())
                .contains("ok         disk            room\n", "ok         audit-chain     ")
                .endsWith("\nnothing to do\n");
        Path edited = log.files().get(1);
        byte[] bytes = Files.readAllBytes(edited);
        bytes[bytes.length / 2] ^= 1;
        Files.write(edited, bytes);
        var broken = run(ofLog(log), "doctor");
        assertThat(broken.exitCode()).isEqualTo(9);
        assertThat(broken.out())
                .contains("PROBLEM    audit-chain", "-> `parley audit verify`", "1 problem, 0 warnings");
        assertThat(run(ofLog(log), "doctor", "--quick").exitCode()).isZero();
    }

    private static FakeTransport ofLog(DemoLog log) throws IOException {
        var all = new ByteArrayOutputStream();
        for (Path file : log.files()) {
            all.writeBytes(Files.readAllBytes(file));
        }
        return new FakeTransport()
                .on("GET /v1/doctor", 200, WELL)
                .on(
                        "GET /v1/identity",
                        200,
                        json("{'peerId':'" + log.peer()
                                + "','name':'n','algorithm':'RSA','bits':2048,'publicKeyPem':'p','safetyText':'t'}"))
                .content("GET /v1/audit/log", all.toByteArray(), Map.of());
    }

    @Test
    void warningsHaveACodeOfTheirOwnAndNamesOfPeersAreHarmless() {
        var transport = new FakeTransport()
                .on(
                        "GET /v1/doctor",
                        200,
                        json(
                                "{'at':'2026-01-01T12:00:00Z','findings':[{'check':'disk','level':'OK','text':'room'},"
                                        + "{'check':'peers','level':'WARNING','subject':'bob','text':'b\\u001b[2Job','advice':'wait'}]}"));
        var run = run(transport, "doctor", "-q", "--problems");
        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.out())
                .isEqualTo("warning    peers           b\\x1b[2Job\n" + " ".repeat(27) + "at bob\n" + " ".repeat(27)
                        + "-> wait\n\n0 problems, 1 warning\n");
    }

    @Test
    void aNodeThatIsOnlyStoppedHasNothingElse() {
        var run = run(nobody(), "doctor", "--problems");
        assertThat(run.exitCode()).isEqualTo(9);
        assertThat(run.out())
                .startsWith("PROBLEM    node            no node answers")
                .endsWith("\n1 problem, 0 warnings\n");
    }

    @Test
    void theAddress() throws IOException {
        assertThat(found("address")).singleElement().asString().startsWith("OK ");
        Path credentials = directory.resolve("CREDENTIALS.txt");
        Map<String, String> wrong = Map.of(
                "127.0.0.1:3001", "between address and port belongs a space",
                "localhost 3001", "the first word is not an IPv4 address",
                "127.0.0.1 70000", "the port is not a number from 1 to 65535",
                "127.0.0.1 1\n127.0.0.1 2", "there is more after the address",
                "", "it is empty");
        for (var each : wrong.entrySet()) {
            Files.writeString(credentials, each.getKey());
            assertThat(found("address")).containsExactly("PROBLEM " + each.getValue());
        }
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Files.writeString(credentials, "127.0.0.1 " + taken.getLocalPort());
            assertThat(found("address"))
                    .containsExactly("PROBLEM port " + taken.getLocalPort() + " is in use by process "
                            + ProcessHandle.current().pid() + " (java)");
            Files.writeString(credentials, "127.0.0.2 " + taken.getLocalPort());
            assertThat(found("address")).singleElement().asString().startsWith("OK ");
        }
    }

    @Test
    void theFiles() throws IOException {
        assertThat(found("data-directory")).singleElement().asString().startsWith("OK ");
        Files.setPosixFilePermissions(data.resolve("identity.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(found("data-directory")).hasSize(2).allMatch(each -> each.contains("open to other users"));
    }

    @Test
    void aNodeThatHoldsTheDirectoryAndDoesNotAnswer() throws IOException {
        Path lock = write("lock", "1");
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var held = channel.tryLock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(found("data-directory"))
                    .singleElement()
                    .asString()
                    .contains("in use by process " + ProcessHandle.current().pid());
        }
        assertThat(found("data-directory")).singleElement().asString().startsWith("OK ");
    }

    @Test
    void theKey() throws IOException {
        assertThat(found("identity")).singleElement().asString().startsWith("OK ");
        write("identity.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        assertThat(found("identity")).containsExactly("PROBLEM the key is encrypted, and no passphrase is set here");
        write("identity.pem", "something else");
        assertThat(found("identity")).containsExactly("PROBLEM there is no private key in it");
        Files.delete(data.resolve("identity.pem"));
        assertThat(found("identity")).singleElement().asString().startsWith("OK none yet");
        write("peers.json", "{}");
        assertThat(found("identity")).singleElement().asString().startsWith("PROBLEM it is missing although");
    }

    @Test
    void theCertificate() throws IOException {
        environment.put("PARLEY_IDENTITY_CERTIFICATE", write("c.pem", "nothing").toString());
        assertThat(found("certificate")).containsExactly("PROBLEM it holds no certificates in PEM");
        environment.put("PARLEY_IDENTITY_CERTIFICATE", directory.resolve("none").toString());
        assertThat(found("certificate")).containsExactly("PROBLEM there is no such file");
        // The authority's own is as good as any.
        Path ca = directory.resolve("ca");
        assertThat(Invocation.run(new FakeTransport(), "ca", "init", ca.toString(), "--no-passphrase", "--days", "90")
                        .exitCode())
                .isZero();
        environment.put("PARLEY_IDENTITY_CERTIFICATE", ca.resolve("ca.crt").toString());
        assertThat(certificateAfter(1)).startsWith("OK valid until ");
        assertThat(certificateAfter(80)).startsWith("WARNING it expires at ").endsWith(" days");
        assertThat(certificateAfter(91)).startsWith("PROBLEM it has expired at ");
        // One of a short life is complained of in its last third, as the node does it.
        Path brief = directory.resolve("brief");
        assertThat(Invocation.run(new FakeTransport(), "ca", "init", brief.toString(), "--no-passphrase", "--days", "6")
                        .exitCode())
                .isZero();
        environment.put("PARLEY_IDENTITY_CERTIFICATE", brief.resolve("ca.crt").toString());
        assertThat(certificateAfter(3)).startsWith("OK valid until ");
        assertThat(certificateAfter(5)).startsWith("WARNING it expires at ");
    }

    private String certificateAfter(int days) {
        var stopped = new StoppedNode(
                data,
                data.resolve("admin/parley.sock"),
                environment,
                Invocation.NOW.plus(Duration.ofDays(days)),
                new SystemTables(Path.of("/proc")));
        return stopped.findings().stream()
                .filter(each -> each.check().equals("certificate"))
                .map(each -> each.level() + " " + each.text())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theDiskAndTheSettings() {
        assertThat(found("disk")).singleElement().asString().startsWith("OK ");
        environment.put("PARLEY_STORE_RESERVE", "1000T");
        assertThat(found("disk")).singleElement().asString().startsWith("PROBLEM the node would take nothing");
        environment.put("PARLEY_STORE_RESERVE", "lots");
        assertThat(found("disk")).containsExactly("PROBLEM it is not a size");
        assertThat(found("settings")).singleElement().asString().startsWith("OK ");
        environment.put("PARLEY_AUDIT_ON_FAILURE", "continue");
        environment.put("PARLEY_TRUST_MODE", "first-use");
        assertThat(found("settings")).hasSize(2).allMatch(each -> each.startsWith("WARNING "));
    }

    @Test
    void theStoreAndTheSocket() throws IOException {
        assertThat(found("store")).singleElement().asString().startsWith("OK ");
        write("store.mark", "x");
        assertThat(found("store")).singleElement().asString().startsWith("PROBLEM it is missing");
        write("store.restore", "x");
        assertThat(found("store")).singleElement().asString().startsWith("WARNING a backup");
        environment.put("PARLEY_ADMIN_SOCKET", "/tmp/" + "a".repeat(120));
        assertThat(found("admin-socket")).containsExactly("PROBLEM its path has 125 bytes, and the system takes 107");
    }

    @Test
    void howTheLastRunEnded() throws IOException {
        assertThat(found("last-run")).singleElement().asString().startsWith("OK there is no net.log");
        String ready = "{\"time\":\"T0\",\"event\":\"NODE_READY\"}\n";
        write("net.log", ready + "torn {");
        assertThat(found("last-run"))
                .singleElement()
                .asString()
                .startsWith("WARNING the node that was ready at T0 did not stop");
        write("net.log", ready + "{\"time\":\"T1\",\"event\":\"NODE_STOPPED\"}\n");
        assertThat(found("last-run")).containsExactly("OK stopped in order at T1");
        write(
                "net.log",
                ready
                        + "{\"time\":\"T2\",\"event\":\"CONFIG_ERROR\",\"key\":\"parley.listen.port\",\"problem\":\"must be x\"}\n");
        assertThat(found("last-run")).containsExactly("PROBLEM the start at T2 failed: parley.listen.port must be x");
        write("net.log", "{\"time\":\"T3\",\"event\":\"PORT_IN_USE\",\"address\":\"127.0.0.1\",\"port\":3001}\n");
        assertThat(found("last-run"))
                .containsExactly("PROBLEM the start at T3 failed: port 3001 of 127.0.0.1 was in use");
        assertThat(found("audit-chain")).singleElement().asString().startsWith("PROBLEM ");
        write("net.log", "{\"time\":\"T3\",\"event\":\"START_FAILED\",\"exitCode\":5,\"problem\":\"no\"}\n");
        assertThat(found("last-run")).containsExactly("PROBLEM the start at T3 failed: no");
    }
}
