package dev.parley.client.command;

import dev.parley.admin.AddPeerRequest;
import dev.parley.admin.AliasRequest;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley peers}: who is known, and what the operator has decided about them. */
@Command(
        name = "peers",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "List the known peers, or decide about one.",
            "Peers are named by alias, id, or unique beginning of the id."
        })
public final class PeersCommand implements Callable<Integer> {
    private final Context context;

    public PeersCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return list(null);
    }

    @Command(description = "List the known peers.")
    int list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those that are pending, trusted, verified or blocked.")
                    PeerState state)
            throws IOException {
        Answer<List<PeerInfo>> answer = context.node().list(PeerInfo.class, "/peers");
        if (state != null) {
            List<PeerInfo> some = answer.value().stream()
                    .filter(peer -> peer.state() == state)
                    .toList();
            answer = new Answer<>(some, dev.parley.client.json.Json.write(some));
        }
        context.answer(answer, this::print);
        return ExitCode.OK;
    }

    @Command(description = "Show one peer, with its whole id to compare.")
    int show(@Parameters(paramLabel = "PEER") String peer) throws IOException {
        context.answer(context.node().get(PeerInfo.class, "/peers/" + PeerRef.encoded(peer)), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Let a peer in.")
    int approve(
            @Parameters(paramLabel = "PEER") String peer,
            @Option(names = "--alias", paramLabel = "NAME", description = "And name it.") String alias)
            throws IOException {
        return decide("approved", peer, "approve", new ApproveRequest(alias));
    }

    @Command(
            description =
                    "Compare its key over another channel, and note that; lets it in too. The same as `parley verify`.")
    int verify(@Parameters(paramLabel = "PEER") String peer, @Mixin Verification verification) throws IOException {
        return verification.run(context, peer);
    }

    @Command(
            name = "accept-key",
            description = {
                "Give a peer's alias, addresses and groups to another key, which answered in its place.",
                "The new key is trusted, not verified. Messages that wait stay with the old one."
            })
    int acceptKey(
            @Parameters(index = "0", paramLabel = "PEER") String peer,
            @Parameters(index = "1", paramLabel = "NEWID", description = "All 52 characters of the id that answered.")
                    String peerId)
            throws IOException {
        ChangedKey.accept(context, peer, peerId);
        return ExitCode.OK;
    }

    @Command(description = "Keep a peer out; its sessions end at once.")
    int block(@Parameters(paramLabel = "PEER") String peer) throws IOException {
        return decide("blocked", peer, "block", null);
    }

    @Command(description = "Name a peer.")
    int alias(
            @Parameters(index = "0", paramLabel = "PEER") String peer,
            @Parameters(index = "1", paramLabel = "NAME") String name)
            throws IOException {
        Answer<PeerInfo> answer = context.node()
                .put(PeerInfo.class, "/peers/" + PeerRef.encoded(peer) + "/alias", new AliasRequest(name));
        context.answer(
                answer, info -> context.line(PeerNames.brief(info.peerId()) + " is now " + Plain.line(info.alias())));
        return ExitCode.OK;
    }

    @Command(description = "Forget a peer: it is a stranger again.")
    int forget(@Parameters(paramLabel = "PEER") String peer) throws IOException {
        context.node().delete("/peers/" + PeerRef.encoded(peer));
        if (context.json()) {
            context.json(Map.of("forgotten", peer));
        } else {
            context.line("forgot " + Plain.line(peer));
        }
        return ExitCode.OK;
    }

    @Command(description = "Introduce a peer that was not met yet, as trusted.")
    int add(
            @Parameters(index = "0", paramLabel = "PEERID", description = "All 52 characters.") String peerId,
            @Option(names = "--alias", paramLabel = "NAME", description = "Name it.") String alias,
            @Option(names = "--address", paramLabel = "HOST:PORT", description = "Where it is; may be repeated.")
                    List<String> addresses)
            throws IOException {
        Answer<PeerInfo> answer = context.node()
                .post(PeerInfo.class, "/peers", new AddPeerRequest(PeerRef.of(peerId), alias, addresses), Node.SHORT);
        context.answer(answer, info -> context.line("added " + PeerNames.of(info.alias(), info.peerId())));
        return ExitCode.OK;
    }

    private int decide(String done, String peer, String verb, Record body) throws IOException {
        Answer<PeerInfo> answer =
                context.node().post(PeerInfo.class, "/peers/" + PeerRef.encoded(peer) + "/" + verb, body, Node.SHORT);
        context.answer(answer, info -> context.line(done + " " + PeerNames.of(info.alias(), info.peerId())));
        return ExitCode.OK;
    }

    private void print(List<PeerInfo> peers) {
        if (peers.isEmpty()) {
            context.note("no peers are known");
            return;
        }
        Table table = new Table("PEER", "CALLS ITSELF", "STATE", "CONNECTED", "LAST SEEN", "ADDRESSES", "ID");
        for (PeerInfo each : peers) {
            table.row(
                    each.alias(),
                    each.claimedName(),
                    Words.of(each.state()),
                    (each.connected() ? "yes" : "no") + amounts(each),
                    Words.ago(each.lastSeen(), context.now()),
                    String.join(" ", each.addresses() == null ? List.of() : each.addresses()),
                    each.peerId());
        }
        context.table(table);
        for (PeerInfo each : peers) {
            if (each.warning() != null) {
                context.note(
                        "WARNING: " + PeerNames.of(each.alias(), each.peerId()) + ": " + Plain.line(each.warning()));
            }
        }
        if (peers.stream().anyMatch(peer -> peer.state() == PeerState.PENDING)) {
            context.note("pending peers wait for `parley peers approve` or `parley peers block`");
        }
    }

    /** Nothing for nothing: most peers have neither. */
    private static String amounts(PeerInfo peer) {
        return (peer.unread() > 0 ? ", " + peer.unread() + " unread" : "")
                + (peer.waiting() > 0 ? ", " + peer.waiting() + " waiting" : "");
    }

    private void print(PeerInfo peer) {
        context.line("peer id       " + PeerNames.groups(peer.peerId()));
        context.line("alias         " + (peer.alias() == null ? "-" : Plain.line(peer.alias())));
        context.line("calls itself  " + (peer.claimedName() == null ? "-" : Plain.line(peer.claimedName())));
        context.line(
                "state         " + Words.of(peer.state()) + (peer.connected() ? ", connected" : "") + amounts(peer));
        context.line("addresses     "
                + (peer.addresses() == null || peer.addresses().isEmpty()
                        ? "-"
                        : Plain.line(String.join(" ", peer.addresses()))));
        context.line("first seen    " + Words.ago(peer.firstSeen(), context.now()));
        context.line("last seen     " + Words.ago(peer.lastSeen(), context.now()));
        if (peer.previousPeerId() != null) {
            context.line("key before    " + PeerNames.groups(peer.previousPeerId()) + ", which named this one");
        }
        if (peer.otherKey() != null) {
            ChangedKey.show(peer, context.now()).forEach(context::line);
        }
        if (peer.warning() != null) {
            context.line("WARNING       " + Plain.line(peer.warning()));
        }
    }
}
