package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.testing.Certs;
import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker on another host: the name in its certificate, the token, and a message that is longer than it takes. */
@Tag("long")
@Timeout(240)
@SuppressWarnings("try") // Closing a connection may be interrupted, and the test with it.
class BridgeTlsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TOKEN = "a token of nobody else";
    private static final int LONGEST = 65_536;

    @TempDir
    Path home;

    private final Certs.Ca authority = Certs.root("broker's");

    @Test
    void onlyTheRightServerGetsMessagesAndANoticeWhereOneIsTooLong() throws Exception {
        NatsServer.needed();
        Path token = Files.writeString(home.resolve("token"), "another\n");
        Path anchors = Files.writeString(home.resolve("anchors.pem"), Certs.pem(authority.der()));
        String limits = "authorization { token: \"%s\" }%nmax_payload: %d%n".formatted(TOKEN, LONGEST);
        try (var nats = new NatsServer(Files.createDirectory(home.resolve("nats")));
                Node bob = Node.make(home, "bob", Map.of());
                Node alice = Node.make(
                        home,
                        "alice",
                        Map.of(
                                "parley.bridge.enabled",
                                "true",
                                "parley.bridge.url",
                                nats.tlsUrl(),
                                "parley.bridge.prefix",
                                "alice",
                                "parley.bridge.create-streams",
                                "true",
                                "parley.bridge.trust-file",
                                anchors.toString(),
                                "parley.bridge.token-file",
                                token.toString()))) {
            alice.trust(bob);
            bob.trust(alice);
            bob.keepConnectionTo(alice, alice.port());

            startTls(nats, "other.example", limits);
            await("the server's refusal by the node")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(nats.said()).contains("TLS handshake error"));
            nats.kill();
            startTls(nats, "localhost", limits);
            await("the node's refusal by the server")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(nats.said()).contains("authentication error"));
            assertThat(alice.process().netLog()).contains("\"BRIDGE_LOST\"").doesNotContain("\"BRIDGE_CONNECTED\"");
            assertThat(alice.process().errors())
                    .as("what its operator reads")
                    .contains("No subject alternative DNS name matching localhost found");
            Files.writeString(token, TOKEN + "\n");
            await().atMost(SOON)
                    .until(() -> alice.process()
                            .netLog()
                            .lines()
                            .anyMatch(line -> line.contains("\"BRIDGE_CONNECTED\"") && line.contains("\"tls\":true")));

            send(bob, "short");
            send(bob, "x".repeat(LONGEST + 1));
            try (Connection own = NatsServer.connect(new Options.Builder()
                    .server(nats.tlsUrl())
                    .sslContext(trusting())
                    .token(TOKEN.toCharArray()))) {
                await().atMost(SOON)
                        .ignoreExceptions()
                        .until(() -> own.jetStreamManagement()
                                        .getStreamInfo("ALICE_IN")
                                        .getStreamState()
                                        .getMsgCount()
                                == 2);
                MessageInfo whole = own.jetStreamManagement().getMessage("ALICE_IN", 1);
                assertThat(new String(whole.getData(), StandardCharsets.UTF_8)).isEqualTo("short");
                assertThat(whole.getHeaders().containsKey("Parley-Omitted")).isFalse();
                MessageInfo notice = own.jetStreamManagement().getMessage("ALICE_IN", 2);
                assertThat(notice.getData()).isNullOrEmpty();
                assertThat(notice.getHeaders().getFirst("Parley-Omitted")).contains(LONGEST + 1 + " bytes");
                assertThat(notice.getHeaders().getFirst("Parley-From"))
                        .isEqualTo(whole.getHeaders().getFirst("Parley-From"));
            }
            assertThat(alice.process().netLog()).contains("\"BRIDGE_OMITTED\"").doesNotContain(TOKEN);
            assertThat(alice.process().output() + alice.process().errors()).doesNotContain(TOKEN);
        }
    }

    private static void send(Node from, String text) throws IOException {
        Node.expect(202, from.admin().post("/v1/messages", Map.of("to", "alice", "text", text)));
    }

    private void startTls(NatsServer nats, String name, String more) throws IOException {
        KeyPair key = Certs.ec();
        Path certificate = Files.writeString(
                home.resolve(name + ".pem"), Certs.pem(authority.issue(key.getPublic(), Certs.peer(name))));
        Path file = Files.writeString(
                home.resolve(name + ".key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(key.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        nats.startTls(certificate, file, more);
    }

    private SSLContext trusting() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(authority.der())));
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
