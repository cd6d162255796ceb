package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminCalls;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import dev.parley.node.testing.NodeProcess;
import dev.parley.protocol.crypto.IdentitySignature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a fleet another key needs another certificate, and nothing else; who holds a key in a file changes the file. */
@Tag("long")
@Timeout(240)
class FleetRotationIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Ca ROOT = Certs.root("fleet");

    @TempDir
    Path home;

    @Test
    void aRotatedKeyIsLetInWithACertificateOfItsOwn() throws Exception {
        Path anchors = Files.writeString(home.resolve("ca.crt"), Certs.pem(ROOT.der()));
        Path mine = home.resolve("web-1.crt");
        try (NodeProcess other = start("other", anchors, home.resolve("other.crt"))) {
            certify(other, home.resolve("other.crt"), "other.fleet.example");
            String old;
            String next;
            try (NodeProcess node = start("node", anchors, mine)) {
                certify(node, mine, "web-1.fleet.example");
                old = id(node);
                await().atMost(SOON).until(() -> dial(node, other).equals("CONNECTED"));
                var reply = new AdminClient(node.socket()).post("/v1/identity/rotate", null);
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.body().path("note").asText()).contains("parley identity csr", "certificate");
                next = reply.body().path("nextPeerId").asText();
                assertThat(node.stop(SOON)).isZero();
            }
            try (NodeProcess node = start("node", anchors, mine)) {
                assertThat(id(node)).isEqualTo(next).isNotEqualTo(old);
                assertThat(node.netLog()).as("of before").contains("CERTIFICATE_REFUSED", "for another key");
                assertThat(dial(node, other))
                        .as("nothing vouches for the new key")
                        .isNotEqualTo("CONNECTED");
                certify(node, mine, "web-1.fleet.example");
                await().atMost(SOON).until(() -> dial(node, other).equals("CONNECTED"));
                assertThat(other.netLog()).contains("\"event\":\"PEER_CERTIFIED\",\"peer\":\"" + next);
            }
        }
    }

    @Test
    void aKeyThatIsOnlyReadIsNotChangedHere() throws Exception {
        Path pem;
        try (NodeProcess node = NodeProcess.start(
                Files.createDirectory(home.resolve("maker")), Map.of("parley.identity.bits", "2048"))) {
            assertThat(node.stop(SOON)).isZero();
            pem = home.resolve("maker/data/identity.pem");
        }
        Path file = Files.copy(pem, home.resolve("tls.key"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Path directory = Files.createDirectory(home.resolve("mounted"));
        try (NodeProcess node = NodeProcess.start(directory, Map.of("parley.identity.key-file", file.toString()))) {
            var admin = new AdminClient(node.socket());
            String own = id(node);
            var refused = admin.post("/v1/identity/rotate", null);
            assertThat(refused.status()).as("%s", refused.body()).isEqualTo(409);
            assertThat(refused.body().path("code").asText()).isEqualTo("identity-state");
            assertThat(refused.body().path("detail").asText()).contains(file.toString(), "only reads");
            assertThat(refused.body().path("hint").asText()).contains("parley.identity.key-file");
            byte[] upload = ("four words by lot\n" + Files.readString(pem)).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> new AdminCalls(node.socket())
                            .upload(
                                    "/v1/identity/import?replace=true",
                                    upload.length,
                                    new ByteArrayInputStream(upload)))
                    .hasMessageContaining("409")
                    .hasMessageContaining("only reads");
            assertThat(directory.resolve("data/identity-next.pem")).doesNotExist();
            assertThat(id(node)).isEqualTo(own);
            assertThat(node.stop(SOON)).isZero();
        }
        // What the hint says: the same node, with its store and log, and a key that it may change.
        Files.copy(file, directory.resolve("data/identity.pem"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        try (NodeProcess node = NodeProcess.start(directory, Map.of("parley.identity.bits", "2048"))) {
            assertThat(new AdminClient(node.socket())
                            .post("/v1/identity/rotate", null)
                            .status())
                    .isEqualTo(200);
            assertThat(new AdminClient(node.socket()).get("/v1/status").body().get("warnings"))
                    .isEmpty();
        }
    }

    private NodeProcess start(String name, Path anchors, Path certificate) throws IOException {
        var settings = new HashMap<>(Map.of(
                "parley.identity.bits",
                "2048",
                "parley.trust.mode",
                "ca",
                "parley.trust.ca.anchors",
                anchors.toString(),
                "parley.identity.certificate",
                certificate.toString()));
        return NodeProcess.start(Files.createDirectories(home.resolve(name)), settings);
    }

    private static void certify(NodeProcess node, Path file, String name) throws IOException {
        String before = node.netLog();
        Files.writeString(file, Certs.pem(ROOT.issue(publicKey(node), Certs.peer(name))));
        await().atMost(SOON)
                .until(() -> node.netLog().substring(before.length()).contains("\"CERTIFICATE_LOADED\""));
    }

    private static PublicKey publicKey(NodeProcess node) throws IOException {
        String pem = identity(node).get("publicKeyPem").asText();
        try {
            return IdentitySignature.publicKey(Base64.getMimeDecoder()
                    .decode(pem.replaceAll("-----[A-Z ]+-----", "").strip()));
        } catch (dev.parley.protocol.wire.MalformedException e) {
            throw new IOException(e);
        }
    }

    private static String id(NodeProcess node) throws IOException {
        return identity(node).get("peerId").asText();
    }

    private static JsonNode identity(NodeProcess node) throws IOException {
        return new AdminClient(node.socket()).get("/v1/identity").body();
    }

    /** @return the state, or the code of what it failed with */
    private static String dial(NodeProcess node, NodeProcess other) throws IOException {
        String address = other.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        JsonNode body = new AdminClient(node.socket())
                .post("/v1/connections", Map.of("host", "127.0.0.1", "port", port, "acceptNew", false, "keep", false))
                .body();
        return body.path("state").asText(body.path("code").asText());
    }
}
