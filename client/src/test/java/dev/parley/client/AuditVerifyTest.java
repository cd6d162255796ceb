package dev.parley.client;

import static dev.parley.client.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.evidence.DemoLog;
import dev.parley.evidence.SignedHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley audit verify} and {@code parley audit tamper}. */
class AuditVerifyTest {
    @TempDir
    Path directory;

    private DemoLog log;

    @BeforeEach
    void write() throws IOException {
        log = DemoLog.write(directory, new SecureRandom());
    }

    @Test
    void filesThatHold() {
        var run = verify("--identity", log.peer(), "--stopped");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "holds        ",
                        " lines, number 1 to ",
                        "written by   " + log.previousPeer() + ", then " + log.peer(),
                        "files        3",
                        "torn lines   1")
                .contains("not sealed   no line", "note         ", "a crash has torn this line")
                .doesNotContain("broken");
    }

    @Test
    void filesThatDoNot() throws IOException {
        edit(log.files().get(1));
        var run = verify("--identity", log.peer());
        assertThat(run.exitCode()).isEqualTo(8);
        assertThat(run.out().lines().findFirst().orElseThrow())
                .startsWith("broken       ")
                .contains("net.log.1, line ", "edited");
        var json = verify("--json", "--identity", log.peer());
        assertThat(json.exitCode()).isEqualTo(8);
        assertThat(json.out()).startsWith("{\"holds\":false,").contains("\"broken\":[{\"kind\":\"EDITED\",");
    }

    @Test
    void headsThatSomebodyElseHasKeptShowACutEnd() throws IOException {
        var heads = Files.writeString(
                directory.resolve("heads"),
                log.heads().stream().map(SignedHead::encode).collect(Collectors.joining("\n")));
        assertThat(verify("--head", heads.toString(), "--identity", log.peer()).exitCode())
                .isZero();
        Files.delete(log.files().getLast());
        var two = log.files().subList(0, 2).stream().map(Path::toString).toList();
        assertThat(run(two, "--identity", log.peer()).exitCode()).isZero();
        var cut = run(two, "--identity", log.peer(), "--head", heads.toString());
        assertThat(cut.exitCode()).isEqualTo(8);
        assertThat(cut.out()).contains("the end was cut off");
        assertThat(run(two, "--identity", log.peer(), "--stopped").exitCode()).isEqualTo(8);
    }

    @Test
    void whatMakesNoSense() throws IOException {
        assertThat(verify("--identity", "nobody").err()).contains("--identity takes a peer id");
        assertThat(verify("--identity", "nobody").exitCode()).isEqualTo(2);
        var heads = Files.writeString(directory.resolve("heads"), "{}");
        assertThat(verify("--head", heads.toString()).err()).contains("line 1: not the head of a log");
        var pem = Files.writeString(
                directory.resolve("pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assertThat(verify("--identity", pem.toString()).exitCode()).isEqualTo(2);
        assertThat(Invocation.run(new FakeTransport(), "audit", "verify", directory + "/none")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void theRunningNode() throws IOException {
        var all = new ByteArrayOutputStream();
        for (Path file : log.files()) {
            all.writeBytes(Files.readAllBytes(file));
        }
        var transport = new FakeTransport()
                .on(
                        "GET /v1/identity",
                        200,
                        json("{'peerId':'" + log.peer()
                                + "','name':'n','algorithm':'RSA','bits':2048,'publicKeyPem':'p','safetyText':'t'}"))
                .content("GET /v1/audit/log", all.toByteArray(), Map.of());
        var run = Invocation.run(transport, "audit", "verify");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(transport.asked()).containsExactly("GET /v1/identity", "GET /v1/audit/log");
    }

    @Test
    void everyForgeryOfALogThatIsMadeHereIsCaught() {
        var run = Invocation.run(new FakeTransport(), "audit", "tamper");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("the honest log holds", "all 14 forgeries were caught")
                .doesNotContain(" NO ");
    }

    @Test
    void everyForgeryOfFilesIsCaughtAndTheFilesStayAsTheyAre() throws IOException {
        byte[] before = Files.readAllBytes(log.files().getFirst());
        var words = new ArrayList<>(List.of("audit", "tamper", "--json", "--identity", log.peer()));
        log.files().forEach(file -> words.add(file.toString()));
        var run = Invocation.run(new FakeTransport(), words.toArray(String[]::new));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"allCaught\":true", "\"tried\":false");
        assertThat(Files.readAllBytes(log.files().getFirst())).isEqualTo(before);
        edit(log.files().getFirst());
        assertThat(Invocation.run(new FakeTransport(), words.toArray(String[]::new))
                        .exitCode())
                .as("a log that does not hold shows nothing")
                .isEqualTo(8);
    }

    private static void edit(Path file) throws IOException {
        Files.writeString(
                file,
                Files.readString(file, StandardCharsets.ISO_8859_1).replace("\"size\":30}", "\"size\":31}"),
                StandardCharsets.ISO_8859_1);
    }

    private Invocation verify(String... options) {
        return run(log.files().stream().map(Path::toString).toList(), options);
    }

    private static Invocation run(List<String> files, String... options) {
        var words = new ArrayList<>(List.of("audit", "verify"));
        words.addAll(files);
        words.addAll(List.of(options));
        return Invocation.run(new FakeTransport(), words.toArray(String[]::new));
    }
}
