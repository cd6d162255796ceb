package dev.parley.client.chat;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.PEER;
import static dev.parley.client.Samples.PENDING;
import static dev.parley.client.Samples.SESSION;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.STATUS;
import static dev.parley.client.Samples.connected;
import static dev.parley.client.Samples.delivery;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.message;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.admin.NodeEvent;
import dev.parley.admin.NodeStatus;
import dev.parley.client.FakeTransport;
import dev.parley.client.Samples;
import dev.parley.client.command.Context;
import dev.parley.client.command.Terminal;
import dev.parley.client.node.Node;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chat and menu without a terminal. */
@Timeout(30)
class ChatTest {
    private static final String BEAT = json("{'type':'heartbeat','at':'2026-01-01T12:00:00Z'}");
    private static final String FROM_BOB =
            json("{'type':'message-received','at':'2026-01-01T12:00:02Z','cursor':7,'id':'" + MESSAGE_ID
                    + "','peerId':'" + BOB + "','alias':'bob','sessionId':'" + SESSION_ID + "','scope':'DIRECT',"
                    + "'mediaType':'text/plain','size':5,'sentAt':'2026-01-01T12:00:02Z','text':'hello'}");
    private static final String EVE_CALLS =
            json("{'type':'peer-pending','at':'2026-01-01T12:00:02Z','remoteAddress':'h:9','peer':") + PENDING + "}";
    private static final String HISTORY = "GET /v1/history?peer=" + BOB + "&limit=20";
    private static final String NOTHING = json("{'entries':[],'incomplete':false}");
    private static final String QUEUED = message(delivery("QUEUED", null));

    private final FakeTransport transport = new FakeTransport();
    private final Node node = new Node(transport);
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Context context;
    private Conversation conversation;

    @BeforeEach
    void begin() {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                true,
                80,
                false,
                Map.of(),
                Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC),
                ZoneOffset.UTC);
        context = new Context(terminal, socket -> node);
        conversation = new Conversation(context, node, shown::add);
    }

    private static String to(String text) {
        return json("POST /v1/messages {'to':'" + BOB + "','text':'" + text + "'}");
    }

    @Test
    void whatIsTypedGoesToThePeer() throws Exception {
        transport.on("GET /v1/peers/bob", 200, PEER).on(HISTORY, 200, NOTHING).on("POST /v1/messages", 200, QUEUED);
        conversation.begin("bob");
        assertThat(conversation.prompt()).isEqualTo("bob> ");
        assertThat(conversation.typed("hello, \"world\" \\")).isTrue();
        assertThat(conversation.typed("//not a command")).isTrue();
        assertThat(conversation.typed("   ")).isTrue();
        assertThat(transport.asked())
                .containsExactly("GET /v1/peers/bob", HISTORY, to("hello, \\'world\\' \\\\"), to("/not a command"));
        assertThat(shown).isEmpty();
    }

    @Test
    void theOnlyConnectedPeerNeedsNoName() throws Exception {
        transport
                .on("GET /v1/sessions", 200, "[" + SESSION + "]")
                .on(HISTORY, 200, NOTHING)
                .on("GET /v1/peers/" + BOB, 200, PEER);
        conversation.begin(null);
        assertThat(conversation.prompt()).isEqualTo("bob> ");
    }

    @Test
    void withoutAPeerNothingIsSent() throws Exception {
        transport.on("GET /v1/sessions", 200, "[]");
        conversation.begin(null);
        assertThat(conversation.prompt()).isEqualTo("> ");
        conversation.typed("hello?");
        assertThat(shown)
                .contains("nobody is connected")
                .last()
                .asString()
                .startsWith("error: nobody to send it to\nhint: ");
    }

    @Test
    void commands() throws Exception {
        transport
                .on("GET /v1/sessions", 200, "[" + SESSION + "]")
                .on("GET /v1/peers/" + BOB, 200, PEER)
                .on("GET /v1/peers/eve", 200, PENDING)
                .on("GET /v1/peers", 200, "[" + PEER + "," + PENDING + "]")
                .on(HISTORY, 200, NOTHING)
                .on(HISTORY.replace(BOB, EVE), 200, NOTHING)
                .on("GET /v1/peers/nobody", 404, problem("peer-not-found", 404, "no such peer", null))
                .on("POST /v1/messages", 200, message(delivery("SENT", null), delivery("SENT", null)));
        conversation.begin(null);
        conversation.typed("/to eve");
        assertThat(conversation.prompt()).isEqualTo("eveaaaaaaaaa…> ");
        conversation.typed("/to nobody");
        conversation.typed("/to");
        conversation.typed("/all good  night");
        conversation.typed("/peers");
        conversation.typed("/dance");
        conversation.typed("/help");
        assertThat(shown)
                .startsWith(
                        "eveaaaaaaaaa… is not connected: messages wait until it is",
                        "error: no such peer",
                        "error: expected /to PEER",
                        "goes to 2 peers",
                        "bob  connected",
                        "eveaaaaaaaaa…  not connected, waits for approval",
                        "there is no command /dance; /help shows them");
        assertThat(transport.asked()).contains(json("POST /v1/messages {'broadcast':true,'text':'good  night'}"));
        assertThat(conversation.typed("/quit")).isFalse();
    }

    @Test
    void whatCameWhileNobodyWasThereIsShownAndReadByThat() throws Exception {
        transport
                .on("GET /v1/peers/bob", 200, PEER.replace("\"unread\":0", "\"unread\":1"))
                .on(
                        HISTORY,
                        200,
                        Samples.history(null, Samples.sent(5, "DELIVERED", "hi bob"), Samples.came(6, true, "hi")))
                .on("POST /v1/history/read", 200, json("{'marked':1,'unread':0}"));
        conversation.begin("bob");
        assertThat(shown).containsExactly(" 11:59:05 > bob: hi bob  ✓✓", "-- 1 unread", "*11:59:06 < bob: hi");
        // The same one by the other way is not shown again; the next is, and is read too.
        conversation.happened(event(FROM_BOB.replace("\"cursor\":7", "\"cursor\":6")));
        conversation.happened(event(FROM_BOB));
        assertThat(shown).hasSize(4).last().isEqualTo("12:00:02  bob: hello");
        assertThat(transport.asked())
                .endsWith(
                        json("POST /v1/history/read {'peer':'" + BOB + "','upTo':6}"),
                        json("POST /v1/history/read {'peer':'" + BOB + "','upTo':7}"));
    }

    @Test
    void toAnAbsentPeerMessagesWaitAndTickWhenTheyArrive() throws Exception {
        transport
                .on("GET /v1/peers/bob", 200, PEER.replace("\"connected\":true", "\"connected\":false"))
                .on(HISTORY, 200, NOTHING)
                .on("POST /v1/messages", 200, QUEUED);
        conversation.begin("bob");
        conversation.typed("are you there?");
        String delivered = json("{'type':'message-changed','at':'2026-01-01T12:00:03Z','id':'" + MESSAGE_ID
                + "','delivery':" + delivery("DELIVERED", null) + "}");
        conversation.happened(event(delivered));
        conversation.happened(event(delivered));
        assertThat(shown)
                .containsExactly(
                        "bob is not connected: messages wait until it is",
                        "  … queued: goes out when bob is connected",
                        "  ✓✓ are you there?");
    }

    @Test
    void whatCameWhileTheNodeWasAwayIsMadeUpFor() throws Exception {
        transport
                .on("GET /v1/peers/bob", 200, PEER)
                .on(HISTORY, 200, Samples.history(null, Samples.came(5, false, "before")))
                .on(
                        "GET /v1/history?peer=" + BOB + "&limit=500&after=5",
                        200,
                        Samples.history(null, Samples.sent(6, "SENT", "mine"), Samples.came(7, true, "meanwhile")))
                .on("POST /v1/history/read", 200, json("{'marked':1,'unread':0}"))
                .stream("GET /v1/events", BEAT)
                .stream("GET /v1/events", BEAT, FROM_BOB);
        conversation.begin("bob");
        try (EventFeed feed = new EventFeed(node, conversation::happened, shown::add, conversation::returned).start()) {
            assertThat(feed).isNotNull();
            await().untilAsserted(() -> assertThat(shown)
                    .startsWith(
                            " 11:59:05 < bob: before",
                            "the node is away (it was stopped); waiting for it",
                            "the node is back",
                            "*11:59:07 < bob: meanwhile",
                            "the node is away (it was stopped); waiting for it"));
        }
    }

    @Test
    void olderHistoryOnDemand() throws Exception {
        transport
                .on("GET /v1/peers/bob", 200, PEER)
                .on(HISTORY, 200, Samples.history(5L, Samples.came(5, false, "new")))
                .on(HISTORY + "&before=5", 200, Samples.history(null, Samples.came(4, false, "old")));
        conversation.begin("bob");
        conversation.typed("/history");
        conversation.typed("/history");
        assertThat(shown)
                .containsExactly(
                        " 11:59:05 < bob: new", "-- older", " 11:59:04 < bob: old", "--", "there is nothing older");
    }

    private static NodeEvent event(String line) throws Exception {
        return new Node(new FakeTransport().stream("GET /v1/events", line))
                .events(List.of())
                .next()
                .value();
    }

    @Test
    void eventsAppearAndSurviveANodeThatComesAndGoes() throws Exception {
        transport.stream("GET /v1/events", BEAT, FROM_BOB).stream("GET /v1/events", BEAT, FROM_BOB);
        try (EventFeed feed = new EventFeed(node, conversation::happened, shown::add).start()) {
            assertThat(feed).isNotNull();
            await().untilAsserted(() -> assertThat(shown)
                    .startsWith(
                            "12:00:02  bob: hello",
                            "the node is away (it was stopped); waiting for it",
                            "the node is back",
                            "12:00:02  bob: hello"));
        }
    }

    @Test
    void theMenuSends() throws Exception {
        transport.stream("GET /v1/events", BEAT)
                .on("GET /v1/peers", 200, "[" + PENDING + "," + PEER + "," + PEER + "]")
                .on("POST /v1/messages?wait=delivered&timeout=PT5S", 200, message(delivery("DELIVERED", null)));
        ScriptedScreen screen = menu("3", "2", "hello", "dance", "send", "9", "exit");
        assertThat(screen.shown())
                .contains(
                        "delivered",
                        "type connect, wait, send or exit, or 1 to 4",
                        "error: there is no number 9 in the list");
        assertThat(transport.asked())
                .contains(to("hello").replace("messages {", "messages?wait=delivered&timeout=PT5S {"));
    }

    @Test
    void theMenuConnects() throws Exception {
        transport.stream("GET /v1/events", BEAT)
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("POST /v1/peers/" + BOB + "/approve", 200, PEER);
        ScriptedScreen screen = menu("1", "h", "3001", "yes", "rob", "1", "h", "http", "4");
        assertThat(screen.shown()).contains("? trust this peer? [y/N]", "error: a port is a number from 1 to 65535");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("connected to rob");
        assertThat(transport.asked()).contains(json("POST /v1/peers/" + BOB + "/approve {'alias':'rob'}"));
    }

    @Test
    void theMenuWaitsForACallerAndLetsItIn() throws Exception {
        transport.stream("GET /v1/events", BEAT, EVE_CALLS).stream("GET /v1/events", BEAT, EVE_CALLS)
                .on("GET /v1/status", 200, STATUS)
                .on("GET /v1/peers", 200, "[" + PEER + "]")
                .on("GET /v1/peers", 200, "[" + PEER + "," + PENDING + "]")
                .on("POST /v1/peers/" + EVE + "/approve", 200, PEER);
        ScriptedScreen screen = menu("wait", "yes", "evelyn", "exit");
        assertThat(screen.shown())
                .anyMatch(line -> line.contains("calls itself 'E\\x1b[31mve\\u202e', which proves nothing"))
                .contains("let in; it comes by itself when it calls again");
        assertThat(transport.asked()).contains(json("POST /v1/peers/" + EVE + "/approve {'alias':'evelyn'}"));
    }

    private ScriptedScreen menu(String... lines) throws Exception {
        ScriptedScreen screen = new ScriptedScreen(lines);
        NodeStatus status =
                dev.parley.client.json.Records.read(NodeStatus.class, dev.parley.client.json.Json.parse(STATUS));
        assertThat(new Menu(context).run(screen, status)).isZero();
        assertThat(screen.shown()).startsWith("this is bob, listening on 127.0.0.1:3001, with 2 sessions");
        return screen;
    }
}
