package dev.parley.client.command;

import dev.parley.admin.PeerInfo;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley unread}. */
@Command(name = "unread", description = "Show how many messages came from whom and were not read yet.")
public final class UnreadCommand implements Callable<Integer> {
    private final Context context;

    public UnreadCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        List<PeerInfo> peers = context.node().list(PeerInfo.class, "/peers").value().stream()
                .filter(peer -> peer.unread() > 0)
                .toList();
        if (context.json()) {
            context.json(peers.stream().map(UnreadCommand::fields).toList());
        } else {
            print(peers);
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(PeerInfo peer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("peerId", peer.peerId());
        if (peer.alias() != null) {
            fields.put("alias", peer.alias());
        }
        fields.put("unread", peer.unread());
        return fields;
    }

    private void print(List<PeerInfo> peers) {
        if (peers.isEmpty()) {
            context.note("no unread messages");
            return;
        }
        Table table = new Table("PEER", "UNREAD");
        peers.forEach(peer -> table.row(PeerNames.of(peer.alias(), peer.peerId()), peer.unread()));
        context.table(table);
        context.note("`parley history PEER` shows them");
    }
}
