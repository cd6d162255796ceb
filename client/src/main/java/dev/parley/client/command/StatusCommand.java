package dev.parley.client.command;

import dev.parley.admin.DeliveryState;
import dev.parley.admin.NodeStatus;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code parley status}. */
@Command(name = "status", description = "Show how the node is.")
public final class StatusCommand implements Callable<Integer> {
    private final Context context;

    public StatusCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().get(NodeStatus.class, "/status"), this::print);
        return ExitCode.OK;
    }

    private void print(NodeStatus status) {
        for (String warning : status.warnings() == null ? List.<String>of() : status.warnings()) {
            context.line(new Style(context.colour()).red("WARNING") + "     " + Plain.line(warning));
        }
        field(
                "node",
                Words.orUnnamed(status.name()) + " (" + (status.ready() ? "ready" : "not ready") + ", up "
                        + Words.duration(Duration.ofMillis(status.uptimeMillis())) + ", pid " + status.pid() + ")");
        field("peer id", PeerNames.groups(status.peerId()));
        field("listens on", status.listen() == null ? "nothing" : Plain.line(status.listen()));
        NodeStatus.Counts counts = status.counts();
        field("sessions", counts.sessions() + " live, " + Words.count(counts.connections(), "connection") + " kept");
        field("peers", counts(counts.peers()));
        field("messages", counts(counts.messages()));
        long waiting = waiting(counts.messages());
        if (waiting > 0) {
            field("waiting", Words.count(waiting, "message") + " for peers");
        }
        if (counts.unread() > 0) {
            field("unread", Words.count(counts.unread(), "message") + "; `parley unread` shows from whom");
        }
        if (counts.transfers() > 0) {
            field("transfers", counts.transfers() + " of files under way; `parley files` lists them");
        }
        field("trust", Plain.line(status.trustMode()));
        field("suites", Plain.line(String.join(", ", status.suites())));
        field("crypto", Plain.line(status.cryptoProvider()));
        field("data", Plain.line(status.dataDir()));
        if (status.managementPort() != null) {
            field("management", "port " + status.managementPort());
        }
        field("version", Plain.line(status.version()));
    }

    private static long waiting(Map<DeliveryState, Long> byState) {
        return byState.getOrDefault(DeliveryState.QUEUED, 0L) + byState.getOrDefault(DeliveryState.SENT, 0L);
    }

    private void field(String name, String value) {
        context.line(name + " ".repeat(12 - name.length()) + value);
    }

    private static String counts(Map<? extends Enum<?>, ? extends Number> byState) {
        String text = byState.entrySet().stream()
                .filter(entry -> entry.getValue().longValue() > 0)
                .map(entry -> entry.getValue() + " " + Words.of(entry.getKey()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }
}
