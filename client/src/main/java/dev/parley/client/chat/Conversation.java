package dev.parley.client.chat;

import dev.parley.admin.DeliveryState;
import dev.parley.admin.HistoryEntry;
import dev.parley.admin.HistoryPage;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.admin.ReadReply;
import dev.parley.admin.ReadRequest;
import dev.parley.admin.SendRequest;
import dev.parley.admin.SessionInfo;
import dev.parley.client.command.Context;
import dev.parley.client.command.Failure;
import dev.parley.client.http.Request;
import dev.parley.client.node.Node;
import dev.parley.client.text.EventText;
import dev.parley.client.text.HistoryText;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Width;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What a chat does with the lines that are typed and the events that come; knows no terminal. */
final class Conversation {
    private static final String HELP = """
            what you type goes to the peer in the prompt; lines that begin with / are commands:
              /to PEER     talk to another peer
              /all TEXT    send to every trusted peer, present or absent
              /peers       who is known, and who is connected
              /history     what was said before, more of it each time
              /help        this
              /quit        leave (or Ctrl-D)
            a message that begins with / is typed with two: //""";

    /** What is shown of the history at first; before the first unread one, that is. */
    private static final int LAST = 20;

    private static final int FEW = 5;
    private static final int MOST = 500;

    /** Columns of a message that its tick quotes. */
    private static final int SNIPPET = 40;

    private final Node node;
    private final Consumer<String> show;
    private final EventText text;
    private final HistoryText line;
    private final Style style;

    /** The PeerId of whom we talk to, and what people call it; both null before that is known. */
    private volatile String peerId;

    private volatile String name;

    /** Whether the peer was connected when that was last heard of. */
    private volatile boolean present;

    /** Place in the history of the newest message that was shown; guards against one that comes both ways. */
    private long shownTo;

    /** Where older history begins; null when there is none. */
    private Long older;

    /** What was sent here and is not delivered yet: its first words by its id. */
    private final Map<UUID, String> onTheWay = new ConcurrentHashMap<>();

    Conversation(Context context, Node node, Consumer<String> show) {
        this.node = node;
        this.show = show;
        this.style = new Style(context.colour());
        this.text = new EventText(context.terminal().zone(), style);
        this.line = new HistoryText(context.terminal().zone(), style);
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
                show.accept("goes to " + Words.count(sent.deliveries().size(), "peer"));
            }
            case "/peers" -> peers();
            case "/history" -> before();
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
        present = peer.connected();
        onTheWay.clear();
        showHistory(peer.unread());
        if (!present) {
            show.accept(name + " is not connected: messages wait until it is");
        }
    }

    /** The last of what was said, and all that is unread as far as that is not too much. */
    private void showHistory(long unread) throws IOException {
        HistoryPage page = history("&limit=" + Math.max(LAST, Math.min(unread + FEW, MOST)));
        synchronized (this) {
            older = page.before();
            shownTo = 0;
            boolean marked = false;
            for (HistoryEntry each : page.entries()) {
                if (Boolean.TRUE.equals(each.unread()) && !marked) {
                    marked = true;
                    show.accept(style.yellow("-- " + unread + " unread"));
                }
                show.accept(line.of(each));
                shownTo = Math.max(shownTo, each.cursor());
            }
            if (marked) {
                markRead(shownTo);
            }
        }
    }

    /** The node was away: shows what came to it meanwhile, before or after its events were followed again. */
    synchronized void returned() {
        if (peerId == null || shownTo == 0) {
            return;
        }
        try {
            long from = shownTo;
            for (HistoryEntry each :
                    history("&limit=" + MOST + "&after=" + from).entries()) {
                if (each.direction() == HistoryEntry.Direction.IN) {
                    show.accept(line.of(each));
                }
                shownTo = Math.max(shownTo, each.cursor());
            }
            if (shownTo > from) {
                markRead(shownTo);
            }
        } catch (IOException e) {
            // Away again: the feed says so, and the next time is another chance.
        }
    }

    private void before() throws IOException {
        if (peerId == null || older == null) {
            show.accept("there is nothing older");
            return;
        }
        HistoryPage page = history("&limit=" + LAST + "&before=" + older);
        older = page.before();
        show.accept("-- older");
        page.entries().forEach(each -> show.accept(line.of(each)));
        show.accept("--");
    }

    private HistoryPage history(String query) throws IOException {
        return node.get(HistoryPage.class, "/history?peer=" + Request.encode(peerId) + query)
                .value();
    }

    /** Not being able to say so is no reason to end a chat: it stays unread. */
    private void markRead(long cursor) {
        try {
            node.post(ReadReply.class, "/history/read", new ReadRequest(peerId, cursor), Node.SHORT);
        } catch (IOException e) {
            // The node is away, and the feed says that.
        }
    }

    private void send(String message) throws IOException {
        if (peerId == null) {
            throw new Failure(
                    2, "usage", "nobody to send it to", "choose with /to PEER; /peers shows who is connected");
        }
        MessageInfo sent = node.post(MessageInfo.class, "/messages", SendRequest.text(peerId, message), Node.SHORT)
                .value();
        DeliveryState state = sent.deliveries().getFirst().state();
        if (!state.isFinal()) {
            onTheWay.put(sent.id(), beginning(message));
        }
        if (!present && state == DeliveryState.QUEUED) {
            show.accept(style.dim("  ")
                    + HistoryText.mark(state, style)
                    + style.dim(": goes out when " + name + " is connected"));
        }
    }

    private static String beginning(String message) {
        return Width.cut(Plain.line(message.strip()), SNIPPET);
    }

    private void peers() throws IOException {
        List<PeerInfo> peers = node.list(PeerInfo.class, "/peers").value();
        if (peers.isEmpty()) {
            show.accept("no peers are known");
        }
        peers.stream()
                .map(each -> PeerNames.of(each.alias(), each.peerId()) + "  "
                        + (each.connected() ? "connected" : "not connected")
                        + (each.state() == PeerState.PENDING ? ", waits for approval" : "")
                        + (each.unread() > 0 ? ", " + each.unread() + " unread" : ""))
                .forEach(show);
    }

    /** Shows an event if it matters to who chats. */
    void happened(NodeEvent event) {
        switch (event) {
            case NodeEvent.MessageChanged e -> changed(e);
            case NodeEvent.MessageReceived e when e.peerId().equals(peerId) -> received(e);
            case NodeEvent.SessionUp e
            when e.session().peerId().equals(peerId) -> {
                present = true;
                show.accept(text.of(event));
            }
            case NodeEvent.SessionClosed e
            when e.peerId() != null && e.peerId().equals(peerId) -> {
                present = false;
                show.accept(text.of(event));
            }
            case NodeEvent.FileChanged e when !e.transfer().state().isFinal() -> {}
            case NodeEvent.Heartbeat _, NodeEvent.PeerRenamed _, NodeEvent.FileProgress _ -> {}
            default -> show.accept(text.of(event));
        }
    }

    /** Shown once, be it in the history already; and read by that. */
    private synchronized void received(NodeEvent.MessageReceived event) {
        if (event.cursor() > shownTo) {
            shownTo = event.cursor();
            show.accept(text.of(event));
            markRead(event.cursor());
        }
    }

    private void changed(NodeEvent.MessageChanged event) {
        DeliveryState state = event.delivery().state();
        String sent = state.isFinal() ? onTheWay.remove(event.id()) : null;
        if (state == DeliveryState.DELIVERED) {
            if (sent != null) {
                show.accept("  " + HistoryText.mark(state, style) + style.dim(" " + sent));
            }
        } else if (state.isFinal()) {
            show.accept(text.of(event));
        }
    }
}
