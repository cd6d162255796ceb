package dev.parley.client.command;

import dev.parley.admin.ConnectionInfo;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley connections}. */
@Command(name = "connections", description = "List what the node keeps connected, and how that goes.")
public final class ConnectionsCommand implements Callable<Integer> {
    private final Context context;

    public ConnectionsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().list(ConnectionInfo.class, "/connections"), this::print);
        return ExitCode.OK;
    }

    private void print(List<ConnectionInfo> connections) {
        if (connections.isEmpty()) {
            context.note("the node keeps nothing connected; `parley connect HOST PORT` asks it to");
            return;
        }
        Table table = new Table("ADDRESS", "PEER", "STATE", "ATTEMPTS", "NEXT", "LAST FAILURE");
        for (ConnectionInfo each : connections) {
            table.row(
                    each.address(),
                    PeerNames.of(each.alias(), each.peerId()),
                    Words.of(each.state()),
                    each.attempts(),
                    Words.in(each.nextAttempt(), context.now()),
                    each.lastFailure() == null
                            ? null
                            : each.lastFailure().detail() + " ("
                                    + Words.ago(each.lastFailure().at(), context.now()) + ")");
        }
        context.table(table);
    }
}
