package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminCalls;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.NodeProcess;
import dev.parley.protocol.crypto.IdentityKey;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a whole node finds of itself: its address in a file, its certificate, its log and its store from before. */
@Tag("long")
@Timeout(240)
class DoctorIT {
    private static final Map<String, String> SMALL = Map.of("parley.identity.bits", "2048");
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private static String finding(NodeProcess node, String check) throws Exception {
        for (JsonNode each : new AdminCalls(node.socket()).get("/v1/doctor").get("findings")) {
            if (each.get("check").asText().equals(check)) {
                return each.get("level").asText() + " " + each.get("text").asText();
            }
        }
        throw new AssertionError("no finding of " + check);
    }

    @Test
    void theCertificateEndsTomorrow() throws Exception {
        IdentityKey key = IdentityKey.generate(2048, new SecureRandom());
        Path pem = Files.writeString(home.resolve("key.pem"), key.toPem());
        Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));
        Path certificate = home.resolve("certificate.pem");
        Map<String, String> settings = new HashMap<>(SMALL);
        settings.put("parley.identity.key-file", pem.toString());
        settings.put("parley.identity.certificate", certificate.toString());
        for (var end : List.of(Duration.ofDays(1), Duration.ofSeconds(-1))) {
            Certs.Spec spec = Certs.peer("a.example")
                    .from(Instant.now().minus(Duration.ofDays(89)))
                    .to(Instant.now().plus(end));
            Files.writeString(certificate, Certs.pem(Certs.root("root").issue(key.publicKey(), spec)));
            try (NodeProcess node = NodeProcess.start(home, settings)) {
                assertThat(finding(node, "certificate"))
                        .startsWith(end.isNegative() ? "PROBLEM " : "WARNING ")
                        .contains(end.isNegative() ? "has expired" : "renew it");
                assertThat(node.stop(SOON)).isZero();
            }
        }
    }

    @Test
    void anotherAddressAnOlderStoreAndAnEditedLog() throws Exception {
        Path credentials = Files.writeString(home.resolve("CREDENTIALS.txt"), "127.0.0.1 3001\n");
        Path data = home.resolve("data");
        try (NodeProcess node = NodeProcess.start(home, SMALL)) {
            assertThat(finding(node, "store")).startsWith("OK ");
            assertThat(finding(node, "audit-log")).startsWith("OK ");
            assertThat(node.stop(SOON)).isZero();
        }
        Path older = Files.copy(data.resolve("store.db"), home.resolve("older.db"));
        try (NodeProcess node = NodeProcess.start(home, SMALL)) {
            node.kill();
        }
        try (NodeProcess node = NodeProcess.start(home, SMALL)) {
            assertThat(finding(node, "store")).startsWith("OK the node before this one did not stop in order");
            assertThat(node.stop(SOON)).isZero();
        }
        Files.copy(older, data.resolve("store.db"), StandardCopyOption.REPLACE_EXISTING);
        // The chain is compared with audit.key at the start.
        Path log = data.resolve("net.log");
        String text = Files.readString(log);
        Files.writeString(log, text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
        int port;
        try (var free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(credentials, "127.0.0.1 " + port + "\n");
        try (NodeProcess node = NodeProcess.launch(home, SMALL)) {
            node.awaitReady();
            assertThat(finding(node, "address")).startsWith("OK ");
            Files.writeString(credentials, "127.0.0.1 1\n");
            assertThat(finding(node, "address")).startsWith("PROBLEM ").contains("says 127.0.0.1 1 by now");
            Files.writeString(credentials, "127.0.0.1:1\n");
            assertThat(finding(node, "address")).startsWith("PROBLEM ").contains("belongs a space");
            assertThat(finding(node, "store")).startsWith("WARNING ").contains("older copy of the store");
            assertThat(finding(node, "audit-log")).startsWith("PROBLEM ").contains("chain of net.log is broken");
        }
    }

    @Test
    void aLogThatIsChangedWhileTheNodeRuns() throws Exception {
        Map<String, String> settings = new HashMap<>(SMALL);
        settings.put("parley.audit.verify-every", "1s");
        try (NodeProcess node = NodeProcess.start(home, settings)) {
            await().atMost(SOON)
                    .until(() -> finding(node, "audit-log").matches("OK .* those that there were at .* hold"));
            Path log = home.resolve("data/net.log");
            int at = Files.readString(log).indexOf("\"NODE_STARTED\"") + 1;
            try (var file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {'M'}), at);
                await().atMost(SOON)
                        .until(() -> finding(node, "audit-log").startsWith("PROBLEM net.log does not hold: "));
                assertThat(new AdminCalls(node.socket()).get("/v1/status").get("warnings"))
                        .anySatisfy(each -> assertThat(each.asText()).startsWith("net.log does not hold: "));
                file.write(ByteBuffer.wrap(new byte[] {'N'}), at);
            }
            await().atMost(SOON).until(() -> finding(node, "audit-log").startsWith("OK "));
            assertThat(new AdminCalls(node.socket()).get("/v1/status").get("warnings"))
                    .isEmpty();
        }
    }
}
