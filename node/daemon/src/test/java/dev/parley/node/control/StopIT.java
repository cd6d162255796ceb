package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.parley.node.testing.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
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

    /** A debugger holds the thread that stops the node where it is about to close the store. */
    @Test
    @Tag("long")
    void oneThatHangsEndsWithinItsGraceAllTheSameAndSaysSo() throws Exception {
        var settings = new HashMap<>(Map.of(
                "parley.listen.host",
                "127.0.0.1",
                "parley.listen.port",
                "0",
                "parley.identity.bits",
                "2048",
                "parley.shutdown.grace",
                "10s"));
        var debugged = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
        try (var node = NodeProcess.launch(home, settings, List.of(debugged))) {
            node.awaitReady();
            VirtualMachine machine = attach(node);
            holdAtClosing(machine);
            assertThat(node.stop(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(node.netLog()).contains("NODE_STOPPING").doesNotContain("NODE_STOPPED");
            assertThat(node.errors()).contains("not stopped within parley.shutdown.grace");
        }
        try (var again = NodeProcess.start(home, settings)) {
            assertThat(again.stop(WITHIN)).isZero();
        }
    }

    private static VirtualMachine attach(NodeProcess node) throws Exception {
        var port = Pattern.compile("Listening for transport dt_socket at address: (\\d+)")
                .matcher(node.output());
        assertThat(port.find()).isTrue();
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(port.group(1));
        return connector.attach(arguments);
    }

    private static void holdAtClosing(VirtualMachine machine) {
        var close = machine.classesByName("dev.parley.node.store.Store")
                .getFirst()
                .methodsByName("close")
                .getFirst();
        BreakpointRequest stop = machine.eventRequestManager().createBreakpointRequest(close.location());
        stop.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        stop.enable();
    }

    private static void post(AdminSocket to, String path, String body) throws Exception {
        to.send("POST " + path + " HTTP/1.1\nHost: node\nContent-Type: application/json\nContent-Length: "
                + body.length() + "\n\n" + body);
    }
}
