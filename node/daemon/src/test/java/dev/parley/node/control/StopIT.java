package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.testing.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is asked to stop does not wait for those who hang on its admin socket, and tells them. */
@Timeout(120)
class StopIT {
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final String OTHER = "a".repeat(52);

    @TempDir
    Path home;

    @Test
    void streamsAndWaitingRequestsDoNotHoldItUp() throws Exception {
        try (var node = NodeProcess.start(home, Map.of("parley.identity.bits", "2048"));
                var events = new AdminSocket(node.socket());
                var audit = new AdminSocket(node.socket());
                var sender = new AdminSocket(node.socket())) {
            events.send("GET /v1/events HTTP/1.1\nHost: node\n\n").readUntil("heartbeat");
            audit.send("GET /v1/audit?lines=1&follow=true HTTP/1.1\nHost: node\n\n")
                    .readUntil("{");
            post(sender, "/v1/peers", "{\"peerId\":\"" + OTHER + "\"}");
            sender.readUntil("TRUSTED");
            post(sender, "/v1/messages?wait=delivered&timeout=PT1H", "{\"to\":\"aaaa\",\"text\":\"hi\"}");
            Awaitility.await().until(() -> node.netLog().contains("MESSAGE_QUEUED"));

            assertThat(node.stop(WITHIN)).isZero();
            assertThat(events.readToEnd()).contains("node-stopping").endsWith("\r\n0\r\n\r\n");
            assertThat(audit.readToEnd()).endsWith("\r\n0\r\n\r\n");
        }
    }

    private static void post(AdminSocket to, String path, String body) throws Exception {
        to.send("POST " + path + " HTTP/1.1\nHost: node\nContent-Type: application/json\nContent-Length: "
                + body.length() + "\n\n" + body);
    }
}
