package dev.parley.client.chat;

import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.SendRequest;
import dev.parley.admin.SessionInfo;
import dev.parley.client.command.Context;
import dev.parley.client.command.Failure;
import dev.parley.client.http.Request;
import dev.parley.client.node.Node;
import dev.parley.client.text.EventText;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What a chat does with the lines that are typed and the events that come; knows no terminal. */
final class Conversation {
    private static final String HELP = """
            what you type goes to the peer in the prompt; lines that begin with / are commands:
              /to PEER     talk to another peer
              /all TEXT    send to every connected peer
              /peers       who is connected
              /help        this
              /quit        leave (or Ctrl-D)
            a message that begins with / is typed with two: //""";

    private final Context context;
    private final Node node;
    private final Consumer<String> show;
    private final EventText text;

    /** The PeerId of whom we talk to, and what people call it; both null before that is known. */
    private volatile String peerId;

    private volatile String name;

    Conversation(Context context, Node node, Consumer<String> show) {
        this.context = context;
        this.node = node;
        this.show = show;
        this.text = new EventText(context.terminal().zone(), new Style(context.colour()));
    }

    /** @param ref alias, id or prefix; null to talk to the only connected peer, if there is just one */
    void begin(String ref) throws IOException {
        if (ref != null) {
            talkTo(ref);
            return;
        }
        List<SessionInfo> sessions = node.list(SessionInfo.class, "/sessions").value();
        if (sessions.size() == 1) {
            talkTo(sessions.getFirst().peerId());
        } else {
            show.accept(
                    sessions.isEmpty() ? "nobody is connected" : "several peers are connected: choose with /to PEER");
        }
    }

    String prompt() {
        return name == null ? "> " : name + "> ";
    }

    /** Does what a line says; false if it is to leave. */
    boolean typed(String line) {
        String trimmed = line.strip();
        try {
            if (trimmed.isEmpty()) {
                return true;
            }
            if (!trimmed.startsWith("/") || trimmed.startsWith("//")) {
                send(line.startsWith("//") ? line.substring(1) : line);
                return true;
            }
            return command(trimmed);
        } catch (IOException | RuntimeException e) {
            Failure failure = Failure.of(e);
            show.accept("error: " + failure.getMessage() + (failure.hint() == null ? "" : "\nhint: " + failure.hint()));
            return true;
        }
    }

    private boolean command(String line) throws IOException {
        String[] parts = line.split("\\s+", 2);
        String argument = parts.length == 2 ? parts[1].strip() : "";
        switch (parts[0]) {
            case "/quit", "/exit", "/q" -> {
                return false;
            }
            case "/to" -> {
                need(argument, "/to PEER");
                talkTo(argument);
            }
            case "/all" -> {
                need(argument, "/all TEXT");
                MessageInfo sent = node.post(
                                MessageInfo.class,
                                "/messages",
                                new SendRequest(null, true, null, null, argument, null, null),
                                Node.SHORT)
                        .value();
                show.accept("sent to " + sent.deliveries().size() + " peers");
            }
            case "/peers" -> peers();
            case "/help", "/?" -> show.accept(HELP);
            default -> show.accept("there is no command " + Plain.line(parts[0]) + "; /help shows them");
        }
        return true;
    }

    private static void need(String argument, String usage) {
        if (argument.isEmpty()) {
            throw new Failure(2, "usage", "expected " + usage, null);
        }
    }

    private void talkTo(String ref) throws IOException {
        String joined = ref.replaceAll("\\s", "");
        PeerInfo peer =
                node.get(PeerInfo.class, "/peers/" + Request.encode(joined)).value();
        peerId = peer.peerId();
        name = PeerNames.of(peer.alias(), peer.peerId());
        if (!peer.connected()) {
            show.accept(name + " is not connected");
        }
    }

    private void send(String message) throws IOException {
        if (peerId == null) {
            throw new Failure(
                    2, "usage", "nobody to send it to", "choose with /to PEER; /peers shows who is connected");
        }
        node.post(MessageInfo.class, "/messages", SendRequest.text(peerId, message), Node.SHORT);
    }

    private void peers() throws IOException {
        List<SessionInfo> sessions = node.list(SessionInfo.class, "/sessions").value();
        if (sessions.isEmpty()) {
            show.accept("nobody is connected");
        }
        sessions.stream()
                .map(each -> PeerNames.of(each.alias(), each.peerId()) + "  " + Plain.line(each.remoteAddress()))
                .forEach(show);
    }

    /** Shows an event if it matters to who chats. */
    void happened(NodeEvent event) {
        switch (event) {
            case NodeEvent.MessageChanged e -> {
                DeliveryState state = e.delivery().state();
                if (state.isFinal() && state != DeliveryState.DELIVERED) {
                    show.accept(text.of(event));
                }
            }
            case NodeEvent.Heartbeat _, NodeEvent.PeerRenamed _ -> {}
            default -> show.accept(text.of(event));
        }
    }
}
