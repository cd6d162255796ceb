package dev.parley.client.command;

import dev.parley.admin.SessionInfo;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley sessions}. */
@Command(name = "sessions", description = "List the live sessions.")
public final class SessionsCommand implements Callable<Integer> {
    private final Context context;

    public SessionsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().list(SessionInfo.class, "/sessions"), this::print);
        return ExitCode.OK;
    }

    private void print(List<SessionInfo> sessions) {
        if (sessions.isEmpty()) {
            context.note("no sessions; `parley connect HOST PORT` makes one");
            return;
        }
        Table table = new Table(
                "PEER", "ADDRESS", "DIALED BY", "STATE", "UP", "HEARD", "SENT", "RECEIVED", "SUITE", "SESSION");
        for (SessionInfo each : sessions) {
            table.row(
                    PeerNames.of(each.alias(), each.peerId()),
                    each.remoteAddress(),
                    each.initiatedHere() ? "us" : "peer",
                    Words.of(each.state()),
                    each.upSince() == null
                            ? null
                            : Words.duration(java.time.Duration.between(each.upSince(), context.now())),
                    Words.ago(each.lastHeard(), context.now()),
                    Words.size(each.bytesSent()),
                    Words.size(each.bytesReceived()),
                    each.suite(),
                    each.sessionId());
        }
        context.table(table);
    }
}
