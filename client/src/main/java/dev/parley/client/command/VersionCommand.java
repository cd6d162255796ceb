package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.VersionInfo;
import dev.parley.client.node.Answer;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley version}: also without a node. */
@Command(name = "version", description = "Show the versions of this client and, if it runs, of the node.")
public final class VersionCommand implements Callable<Integer> {
    private final Context context;

    public VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        VersionInfo node = node();
        if (context.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("client", own());
            fields.put("apiVersion", AdminApi.VERSION);
            if (node != null) {
                fields.put("node", node);
            }
            context.json(fields);
            return ExitCode.OK;
        }
        context.line("client  " + own());
        context.line(
                node == null
                        ? "node    not reached"
                        : "node    " + Plain.line(node.version()) + " (" + Plain.line(node.protocol()) + ", Java "
                                + Plain.line(node.java()) + ")");
        return ExitCode.OK;
    }

    private VersionInfo node() {
        try {
            Answer<VersionInfo> answer = context.node().get(VersionInfo.class, "/version");
            return answer.value();
        } catch (IOException e) {
            return null;
        }
    }

    /** The version of this client. */
    public static String own() throws IOException {
        try (InputStream in = VersionCommand.class.getResourceAsStream("/dev/parley/client/version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
