package dev.parley.client.command;

import dev.parley.admin.AcceptKeyReply;
import dev.parley.admin.AcceptKeyRequest;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.ConnectReply;
import dev.parley.admin.ConnectRequest;
import dev.parley.admin.ConnectionState;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.node.ProblemException;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley connect}: dial, and decide whether to trust who answers. */
@Command(
        name = "connect",
        description = {
            "Connect to a peer, and stay connected.",
            "Somebody who was never met before is trusted only if you say so: on a terminal you are asked, elsewhere pass --expect or --accept-new."
        })
public final class ConnectCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "HOST", description = "Name or IP address.")
    private String host;

    @Parameters(index = "1", paramLabel = "PORT", description = "1 to 65535.")
    private int port;

    @Option(
            names = "--expect",
            paramLabel = "PEERID",
            description = "The id that must answer; it is trusted. Nobody else learns who dials.")
    private String expect;

    @Option(names = "--accept-new", description = "Trust whoever answers, if it was never met before.")
    private boolean acceptNew;

    @Option(
            names = "--accept-changed-key",
            paramLabel = "NEWID",
            description = "A known peer has this key now, all 52 characters: it gets the peer's alias and addresses.")
    private String changedKey;

    @Option(names = "--alias", paramLabel = "NAME", description = "Name the peer when it is trusted.")
    private String alias;

    @Option(names = "--once", description = "Dial once; do not reconnect by itself.")
    private boolean once;

    public ConnectCommand(Context context) {
        this.context = context;
    }

    /** The same, with its arguments given by a program. */
    public ConnectCommand(Context context, String host, int port) {
        this(context);
        this.host = host;
        this.port = port;
    }

    @Override
    public Integer call() throws Exception {
        if (port < 1 || port > 65535) {
            throw Failure.usage("port " + port + " is not in 1 to 65535", null);
        }
        if (expect != null && acceptNew) {
            throw Failure.usage(
                    "--expect and --accept-new exclude each other", "--expect already trusts the id it names");
        }
        if (changedKey != null) {
            if (expect != null || acceptNew) {
                throw Failure.usage("--accept-changed-key stands alone", "it already names the id that must answer");
            }
            acceptChangedKey();
            expect = changedKey;
        }
        String expected = expect == null ? null : PeerRef.of(expect);
        if (expected == null && !context.json()) {
            context.note("dialing " + Plain.line(host) + ":" + port
                    + ": this node shows its identity to whoever answers there");
        }
        Node node = context.node();
        Answer<ConnectReply> answer = dial(node, expected);
        ConnectReply reply = answer.value();
        // Pending: it wants our approval just as we want its operator's.
        if (reply.firstContact() || reply.peerId() != null && reply.peerState() == PeerState.PENDING) {
            decide(node, reply);
        } else if (alias != null && reply.peerId() != null && !alias.equals(reply.alias())) {
            node.put(PeerInfo.class, "/peers/" + reply.peerId() + "/alias", new dev.parley.admin.AliasRequest(alias));
        }
        context.answer(answer, this::print);
        return ExitCode.OK;
    }

    private Answer<ConnectReply> dial(Node node, String expected) throws IOException {
        try {
            return node.post(
                    ConnectReply.class,
                    "/connections",
                    new ConnectRequest(host, port, expected, acceptNew, !once),
                    Node.DIAL);
        } catch (ProblemException e) {
            if (e.code().filter(ErrorCode.PEER_KEY_CHANGED::equals).isPresent() && !context.json()) {
                ChangedKey.at(node, address())
                        .filter(peer -> peer.otherKey() != null)
                        .ifPresent(this::showChange);
            }
            throw e;
        }
    }

    private void showChange(PeerInfo peer) {
        context.note("THE KEY OF " + PeerNames.of(peer.alias(), peer.peerId())
                + " HAS CHANGED: an attack, or it was set up anew");
        context.note("first seen    " + Words.ago(peer.firstSeen(), context.now()) + ", last "
                + Words.ago(peer.lastSeen(), context.now()) + ", " + Words.of(peer.state()));
        ChangedKey.show(peer, context.now()).forEach(context::note);
        context.note("if its operator confirms the new id over another channel: parley connect " + Plain.line(host)
                + " " + port + " --accept-changed-key "
                + Plain.line(peer.otherKey().peerId()));
    }

    /** Whoever is known there gives way to the new key, if that is the one that answers. */
    private void acceptChangedKey() throws IOException {
        Node node = context.node();
        PeerInfo known = ChangedKey.at(node, address()).orElseThrow(this::nobodyKnown);
        if (known.peerId().equals(PeerRef.of(changedKey))) {
            return;
        }
        if (known.otherKey() == null) {
            try {
                node.post(
                        ConnectReply.class,
                        "/connections",
                        new ConnectRequest(host, port, null, false, false),
                        Node.DIAL);
                throw new Failure(
                        ExitCode.REFUSED,
                        "key-not-changed",
                        "the key that is known there answered: nothing to accept",
                        null);
            } catch (ProblemException e) {
                if (e.code().filter(ErrorCode.PEER_KEY_CHANGED::equals).isEmpty()) {
                    throw e;
                }
            }
        }
        node.post(
                AcceptKeyReply.class,
                "/peers/" + known.peerId() + "/accept-key",
                new AcceptKeyRequest(PeerRef.of(changedKey)),
                Node.SHORT);
        context.note(PeerNames.of(known.alias(), known.peerId()) + " has another key now; it is trusted, not verified");
        if (known.waiting() > 0) {
            context.note(Words.count(known.waiting(), "message") + " stay with the old key "
                    + PeerNames.brief(known.peerId()) + " and go nowhere: `parley messages` lists them");
        }
    }

    private Failure nobodyKnown() {
        return new Failure(
                ExitCode.NOT_FOUND,
                "unknown-address",
                "no trusted peer is known at " + Plain.line(address()),
                "`parley peers` lists where peers are known; `parley peers accept-key` takes the peer's name instead");
    }

    private String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** First contact: nothing but PING is sent until the operator has decided. */
    private void decide(Node node, ConnectReply reply) throws IOException {
        if (expect == null && !acceptNew) {
            if (!context.terminal().interactive() || context.json()) {
                giveUp(node, reply);
                throw new Failure(
                        ExitCode.NOT_TRUSTED,
                        "unknown-peer",
                        "the peer at " + Plain.line(reply.address()) + " is new here and nobody can be asked: "
                                + Plain.line(reply.peerId()),
                        "if this is the id you were told, connect again with --expect " + Plain.line(reply.peerId()));
            }
            alias = ask(node, reply);
        }
        node.post(PeerInfo.class, "/peers/" + reply.peerId() + "/approve", new ApproveRequest(alias), Node.SHORT);
    }

    private String ask(Node node, ConnectReply reply) throws IOException {
        context.note("");
        context.note("  " + PeerNames.groups(reply.peerId()));
        context.note("");
        String claimed = Plain.line(reply.claimedName());
        context.note("this is who answered"
                + (claimed.isEmpty() ? "" : "; it calls itself '" + claimed + "', which proves nothing"));
        context.note("compare the id with its operator over another channel");
        String answer = context.ask("trust this peer? [y/N] ");
        if (answer == null || !answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
            giveUp(node, reply);
            throw new Failure(
                    ExitCode.NOT_TRUSTED,
                    "unknown-peer",
                    "not trusted, and disconnected",
                    "`parley peers` lists it as pending; `parley peers approve` lets it in later");
        }
        if (alias != null || reply.alias() != null) {
            return alias;
        }
        String name = context.ask("what do you call it? (an alias; empty for none) ");
        return name == null || name.isEmpty() ? null : name;
    }

    private static void giveUp(Node node, ConnectReply reply) throws IOException {
        try {
            node.delete("/connections/" + Request.encode(reply.address()));
        } catch (ProblemException e) {
            if (reply.sessionId() == null) {
                return;
            }
            try {
                node.delete("/sessions/" + reply.sessionId());
            } catch (ProblemException alreadyClosed) {
                // That is what was wanted.
            }
        }
    }

    private void print(ConnectReply reply) {
        String who = PeerNames.of(reply.alias() == null ? alias : reply.alias(), reply.peerId());
        String at = Plain.line(reply.address());
        if (reply.state() == ConnectionState.CONNECTED) {
            context.line("connected to " + who + " at " + at + " with " + Plain.line(reply.suite()) + ", session "
                    + reply.sessionId());
        } else {
            context.line(Words.of(reply.state()) + ": " + at + (reply.peerId() == null ? "" : " (" + who + ")"));
            context.note(
                    reply.state() == ConnectionState.AWAITING_APPROVAL
                            ? "its operator has to approve this node; this node tries again by itself until then"
                            : "this node tries again by itself; `parley connections` shows how it goes");
        }
    }
}
