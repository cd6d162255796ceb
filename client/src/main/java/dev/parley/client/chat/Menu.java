package dev.parley.client.chat;

import dev.parley.admin.ApproveRequest;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.NodeStatus;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.admin.SendRequest;
import dev.parley.client.command.ConnectCommand;
import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.node.Node;
import dev.parley.client.text.EventText;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The menu: connect, wait, send, exit. What peers send appears above it as it comes. */
public final class Menu {
    private static final List<String> CHOICES = List.of("connect", "wait", "send", "exit");
    private static final Duration DELIVERY = Duration.ofSeconds(5);

    private final Context context;
    private final Node node;
    private final EventText text;

    /** Ids of peers that have asked to be let in since the menu began. */
    private final Set<String> pending = ConcurrentHashMap.newKeySet();

    private Screen screen;

    /** Whether the user waits for a caller, and whether one has come since. */
    private volatile boolean waiting;

    private volatile boolean called;

    public Menu(Context context) {
        this.context = context;
        this.node = context.node();
        this.text = new EventText(context.terminal().zone(), new Style(context.colour()));
    }

    /** Until the user leaves; the exit code. */
    public int run() throws Exception {
        // Asked before the screen is taken, so that a missing node is a plain error.
        NodeStatus status = node.get(NodeStatus.class, "/status").value();
        try (Screen taken = new LineScreen()) {
            return run(taken, status);
        }
    }

    int run(Screen taken, NodeStatus status) throws IOException {
        screen = taken;
        context.setAsker(question -> screen.read(question));
        greet(status);
        try (EventFeed _ = new EventFeed(node, this::happened, screen::show).start()) {
            while (true) {
                String typed = screen.read("connect, wait, send or exit? ");
                String choice = typed == null ? "exit" : chosen(typed);
                if (choice.equals("exit")) {
                    return ExitCode.OK;
                }
                act(choice);
            }
        }
    }

    private void greet(NodeStatus status) {
        screen.show("this is " + Words.orUnnamed(status.name()) + ", listening on "
                + (status.listen() == null ? "nothing" : Plain.line(status.listen())) + ", with "
                + Words.count(status.counts().sessions(), "session"));
        if (status.counts().unread() > 0) {
            screen.show(Words.count(status.counts().unread(), "unread message") + ": `parley history` shows them");
        }
        for (String warning : status.warnings() == null ? List.<String>of() : status.warnings()) {
            screen.show("WARNING: " + Plain.line(warning));
        }
        screen.show("  1 connect   call a peer");
        screen.show("  2 wait      let the next caller in");
        screen.show("  3 send      send a message");
        screen.show("  4 exit      leave; the node goes on");
    }

    /** By number, name, or the beginning of the name. */
    private static String chosen(String typed) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return "";
        }
        for (int i = 0; i < CHOICES.size(); i++) {
            if (CHOICES.get(i).startsWith(wanted) || wanted.equals(Integer.toString(i + 1))) {
                return CHOICES.get(i);
            }
        }
        return wanted.equals("quit") || wanted.equals("q") ? "exit" : "?";
    }

    private void act(String choice) {
        try {
            switch (choice) {
                case "connect" -> connect();
                case "wait" -> await();
                case "send" -> send();
                case "" -> {}
                default -> screen.show("type connect, wait, send or exit, or 1 to 4");
            }
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            screen.show("error: " + failure.getMessage() + (failure.hint() == null ? "" : "\nhint: " + failure.hint()));
        }
    }

    private void connect() throws Exception {
        String host = ask("host: ");
        if (host == null) {
            return;
        }
        String port = ask("port: ");
        if (port == null) {
            return;
        }
        if (!port.matches("[0-9]{1,5}")) {
            throw new Failure(ExitCode.USAGE, "usage", "a port is a number from 1 to 65535", null);
        }
        new ConnectCommand(context, host, Integer.parseInt(port)).call();
    }

    /** Who waits for approval already comes first; else the next one that calls. */
    private void await() throws IOException {
        NodeStatus status = node.get(NodeStatus.class, "/status").value();
        screen.show("peers reach this node at " + (status.listen() == null ? "nothing" : Plain.line(status.listen()))
                + "; its id, to compare:");
        screen.show("  " + PeerNames.groups(status.peerId()));
        waiting = true;
        try {
            called = false;
            List<PeerInfo> callers = callers();
            if (callers.isEmpty()) {
                if (screen.read("waiting for a caller (enter goes back) ", () -> called) != Screen.WOKEN) {
                    return;
                }
                // Empty if it is trusted already: then its session was shown.
                callers = callers();
            }
            for (PeerInfo peer : callers) {
                decide(peer);
            }
        } finally {
            waiting = false;
        }
    }

    private List<PeerInfo> callers() throws IOException {
        List<PeerInfo> peers = node.list(PeerInfo.class, "/peers").value();
        return peers.stream().filter(peer -> peer.state() == PeerState.PENDING).toList();
    }

    private void decide(PeerInfo peer) throws IOException {
        screen.show("  " + PeerNames.groups(peer.peerId()));
        screen.show("wants in"
                + (peer.claimedName() == null
                        ? ""
                        : "; it calls itself '" + Plain.line(peer.claimedName()) + "', which proves nothing"));
        screen.show("compare the id with its operator over another channel");
        String answer = ask("let it in? yes, no or block: ");
        if (answer == null || answer.isEmpty()) {
            return;
        }
        String path = "/peers/" + peer.peerId();
        if ("block".startsWith(answer.toLowerCase(Locale.ROOT))) {
            node.post(PeerInfo.class, path + "/block", null, Node.SHORT);
            screen.show("blocked");
        } else if ("yes".startsWith(answer.toLowerCase(Locale.ROOT))) {
            String alias = peer.alias() != null ? null : ask("what do you call it? (an alias; empty for none) ");
            ApproveRequest request = new ApproveRequest(alias == null || alias.isEmpty() ? null : alias);
            node.post(PeerInfo.class, path + "/approve", request, Node.SHORT);
            screen.show("let in; it comes by itself when it calls again");
        }
    }

    private void send() throws IOException {
        PeerInfo to = choosePeer();
        if (to == null) {
            return;
        }
        String name = PeerNames.of(to.alias(), to.peerId());
        String message = screen.read("to " + name + ": ");
        if (message == null || message.isBlank()) {
            return;
        }
        MessageInfo sent = node.post(
                        MessageInfo.class,
                        "/messages?wait=delivered&timeout=" + DELIVERY,
                        SendRequest.text(to.peerId(), message),
                        DELIVERY.plus(Node.SHORT))
                .value();
        sent.deliveries()
                .forEach(each -> screen.show(Words.of(each.state())
                        + (each.reason() != null
                                ? ": " + Plain.line(each.reason())
                                : each.state().isFinal() ? "" : ": goes on by itself")));
    }

    /** The only one that may be sent to, or which of them; null for none. */
    private PeerInfo choosePeer() throws IOException {
        List<PeerInfo> peers = node.list(PeerInfo.class, "/peers").value().stream()
                .filter(peer -> peer.state() == PeerState.TRUSTED || peer.state() == PeerState.VERIFIED)
                .toList();
        if (peers.isEmpty()) {
            screen.show("no peer is trusted yet: connect, or wait for a caller, first");
            return null;
        }
        if (peers.size() == 1) {
            return peers.getFirst();
        }
        for (int i = 0; i < peers.size(); i++) {
            PeerInfo each = peers.get(i);
            screen.show("  " + (i + 1) + " " + PeerNames.of(each.alias(), each.peerId()) + "  "
                    + (each.connected() ? "connected" : "not connected: it gets it when it is"));
        }
        String typed = ask("to whom? 1 to " + peers.size() + ": ");
        if (typed == null || typed.isEmpty()) {
            return null;
        }
        if (!typed.matches("[0-9]{1,6}") || Integer.parseInt(typed) < 1 || Integer.parseInt(typed) > peers.size()) {
            throw new Failure(
                    ExitCode.USAGE, "usage", "there is no number " + Plain.line(typed) + " in the list", null);
        }
        return peers.get(Integer.parseInt(typed) - 1);
    }

    private String ask(String question) throws IOException {
        String line = screen.read(question);
        return line == null || line.isBlank() ? null : line.strip();
    }

    private void happened(NodeEvent event) {
        switch (event) {
            case NodeEvent.MessageChanged _,
                    NodeEvent.PeerRenamed _,
                    NodeEvent.PeerApproved _,
                    NodeEvent.FileProgress _ -> {}
            case NodeEvent.FileChanged e when !e.transfer().state().isFinal() -> {}
            case NodeEvent.PeerPending e -> {
                if (waiting) {
                    called = true;
                    screen.wake();
                } else if (pending.add(e.peer().peerId())) {
                    // Said once: it calls again and again until somebody decides.
                    screen.show(text.of(event) + "\n          choose wait to let it in");
                }
            }
            case NodeEvent.SessionUp e -> {
                screen.show(text.of(event));
                if (waiting && !e.session().initiatedHere()) {
                    called = true;
                    screen.wake();
                }
            }
            default -> screen.show(text.of(event));
        }
    }
}
