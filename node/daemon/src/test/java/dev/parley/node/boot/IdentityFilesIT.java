package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminCalls;
import dev.parley.node.testing.NodeProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An identity goes from one node to another in a file, and a prepared one can be taken back. */
@Tag("long")
@Timeout(180)
class IdentityFilesIT {
    private static final Map<String, String> SMALL = Map.of("parley.identity.bits", "2048");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PASSPHRASE = "four words by lot";

    @TempDir
    Path home;

    @Test
    void anExportedIdentityIsTakenByAnotherNodeAtItsNextStart() throws Exception {
        String id;
        String pem;
        try (NodeProcess node = NodeProcess.start(Files.createDirectory(home.resolve("one")), SMALL)) {
            AdminCalls calls = new AdminCalls(node.socket());
            id = calls.get("/v1/identity").get("peerId").asText();
            assertThatThrownBy(() -> upload(calls, "/v1/identity/export", "too short"))
                    .hasMessageContaining("at least 12 characters");
            JsonNode export = upload(calls, "/v1/identity/export", PASSPHRASE);
            assertThat(export.get("peerId").asText()).isEqualTo(id);
            pem = export.get("pem").asText();
            assertThat(pem).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
            assertThat(node.netLog()).contains("\"IDENTITY_EXPORTED\"").doesNotContain(PASSPHRASE);
        }
        Path other = Files.createDirectory(home.resolve("other"));
        String own;
        try (NodeProcess node = NodeProcess.start(other, SMALL)) {
            AdminCalls calls = new AdminCalls(node.socket());
            own = calls.get("/v1/identity").get("peerId").asText();
            assertThatThrownBy(() -> upload(calls, "/v1/identity/import?replace=true", "a wrong passphrase\n" + pem))
                    .hasMessageContaining("422")
                    .hasMessageContaining("does not open with this passphrase");
            assertThatThrownBy(() -> upload(calls, "/v1/identity/import", PASSPHRASE + "\n" + pem))
                    .hasMessageContaining("409")
                    .hasMessageContaining("replaced");
            assertThatThrownBy(() -> upload(calls, "/v1/identity/import?replace=true", PASSPHRASE + "\nnonsense"))
                    .hasMessageContaining("422");
            assertThatThrownBy(() -> upload(calls, "/v1/identity/import?replace=true", "no newline"))
                    .hasMessageContaining("400");
            JsonNode reply = upload(calls, "/v1/identity/import?replace=true", PASSPHRASE + "\n" + pem);
            assertThat(reply.get("nextPeerId").asText()).isEqualTo(id);
            calls.delete("/v1/identity/next");
            assertThat(other.resolve("data/identity-next.pem")).doesNotExist();
            assertThatThrownBy(() -> calls.delete("/v1/identity/next")).hasMessageContaining("409");
            upload(calls, "/v1/identity/import?replace=true", PASSPHRASE + "\n" + pem);
            assertThat(node.stop(SOON)).isZero();
        }
        try (NodeProcess node = NodeProcess.start(other, SMALL)) {
            JsonNode identity = new AdminCalls(node.socket()).get("/v1/identity");
            assertThat(identity.get("peerId").asText()).isEqualTo(id);
            assertThat(identity.has("previousPeerId")).isFalse();
            assertThat(node.netLog())
                    .contains("\"event\":\"IDENTITY_ROTATED\",\"peer\":\"" + id + "\",\"previousPeer\":\"" + own
                            + "\",\"how\":\"imported\"");
        }
    }

    @Test
    void anExportedFileIsAnIdentityFileToo() throws Exception {
        Path first = Files.createDirectory(home.resolve("first"));
        String id;
        String pem;
        try (NodeProcess node = NodeProcess.start(first, SMALL)) {
            AdminCalls calls = new AdminCalls(node.socket());
            id = calls.get("/v1/identity").get("peerId").asText();
            pem = upload(calls, "/v1/identity/export", PASSPHRASE).get("pem").asText();
        }
        Files.writeString(first.resolve("data/identity.pem"), pem);
        Path passphrase = Files.writeString(home.resolve("passphrase"), PASSPHRASE + "\n");
        Files.setPosixFilePermissions(passphrase, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        try (NodeProcess node = NodeProcess.start(
                first,
                Map.of("parley.identity.bits", "2048", "parley.identity.passphrase-file", passphrase.toString()))) {
            assertThat(new AdminCalls(node.socket())
                            .get("/v1/identity")
                            .get("peerId")
                            .asText())
                    .isEqualTo(id);
        }
    }

    private static JsonNode upload(AdminCalls calls, String path, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return calls.upload(path, bytes.length, new ByteArrayInputStream(bytes));
    }
}
