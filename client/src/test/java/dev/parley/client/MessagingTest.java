package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.PEER;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.STATUS;
import static dev.parley.client.Samples.came;
import static dev.parley.client.Samples.delivery;
import static dev.parley.client.Samples.history;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.message;
import static dev.parley.client.Samples.problem;
import static dev.parley.client.Samples.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that last: sent to who is absent, traced, taken back, read later; and groups. */
class MessagingTest {
    private static final String ABSENT = PEER.replace("\"connected\":true", "\"connected\":false");
    private static final String TO_EVE =
            delivery("DELIVERED", null).replace(BOB, EVE).replace("\"bob\"", "\"eve\"");
    private static final String READ = json("{'marked':2,'unread':0}");

    private final FakeTransport transport = new FakeTransport();

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    @Test
    void aMessageToSomebodyAbsentWaitsAndThatIsNoError() {
        transport
                .on("POST /v1/messages", 202, message(delivery("QUEUED", null)))
                .on("GET /v1/peers", 200, "[" + ABSENT + "]");
        assertThat(run("send", "bob", "hi", "--expires", "1h"))
                .isEqualTo(new Invocation(
                        "queued " + MESSAGE_ID + " for bob, not connected: goes out when it is\n", "", 0));
        assertThat(transport.asked().getFirst())
                .isEqualTo(json("POST /v1/messages {'to':'bob','text':'hi','expiresIn':'PT1H'}"));
    }

    @Test
    void aMessageToSomebodyPresentIsOnlyQueued() {
        transport
                .on("POST /v1/messages", 200, message(delivery("QUEUED", null)))
                .on("GET /v1/peers", 200, "[" + PEER + "]");
        assertThat(run("send", "bob", "hi").out()).isEqualTo("queued " + MESSAGE_ID + " to bob\n");
        // For programs the state says it all: nothing more is asked.
        FakeTransport once = new FakeTransport().on("POST /v1/messages", 202, message(delivery("QUEUED", null)));
        assertThat(Invocation.run(once, "send", "bob", "hi", "--json").exitCode())
                .isZero();
    }

    @Test
    void bodiesInJson() {
        transport.on("POST /v1/messages", 200, message(delivery("SENT", null)));
        run("send", "bob", "--json-body", "{\"a\":[1,123456789012345678901234567890]}");
        Invocation.run(transport, "\"hi\"", false, Map.of(), "send", "bob", "--json-body", "-");
        run("send", "@team", "[]", "--type", "application/x+json", "--connected");
        assertThat(transport.asked())
                .containsExactly(
                        json("POST /v1/messages {'to':'bob','mediaType':'application/json',"
                                + "'text':'{\\'a\\':[1,123456789012345678901234567890]}'}"),
                        json("POST /v1/messages {'to':'bob','mediaType':'application/json','text':'\\'hi\\''}"),
                        json(
                                "POST /v1/messages {'to':'@team','connected':true,'mediaType':'application/x+json','text':'[]'}"));
    }

    @Test
    void aBroadcastSaysWhatCameOfItForEachAndInAll() {
        transport
                .on("POST /v1/messages?wait=delivered&timeout=PT1S", 202, message(delivery("QUEUED", null), TO_EVE))
                .on("GET /v1/peers", 200, "[" + ABSENT + "]");
        Invocation run = run("broadcast", "hi", "--wait", "delivered", "--timeout", "1s");
        assertThat(run.out())
                .isEqualTo("message " + MESSAGE_ID + "\nPEER  STATE                  REASON\n"
                        + "bob   queued, not connected  -\neve   delivered              -\n"
                        + "2 peers: 1 queued, 1 delivered\n");
        assertThat(run.err()).startsWith("error: not delivered within 1 s to 1 peer\nhint: ");
        assertThat(run.exitCode()).isEqualTo(5);
        transport.on("POST /v1/messages", 200, message(delivery("EXPIRED", "its time was over"), TO_EVE));
        Invocation failed = run("broadcast", "hi");
        assertThat(failed.err())
                .startsWith("error: not delivered to 1 of 2 peers; that to bob has expired: its time was over\nhint: ");
        assertThat(failed.exitCode()).isEqualTo(4);
    }

    @Test
    void theTraceOfAMessage() {
        String traced =
                json("{'peerId':'" + BOB + "','alias':'bob','state':'DELIVERED','queuedAt':'2026-01-01T11:59:58Z',"
                        + "'sentAt':'2026-01-01T11:59:59Z','finishedAt':'2026-01-01T11:59:59.250Z','attempts':[{'at':"
                        + "'2026-01-01T11:59:58.5Z','sessionId':'" + SESSION_ID
                        + "','epoch':0,'n':7},{'at':'2026-01-01T11:59:59Z',"
                        + "'sessionId':'" + SESSION_ID + "','epoch':1,'n':0}]}");
        String refused = delivery("REFUSED", "no \\u001b[2J room");
        transport
                .on("GET /v1/messages/" + MESSAGE_ID, 200, message(traced, refused))
                .on("GET /v1/messages?limit=1000", 200, "[" + message(traced) + "]");
        // A part of the id is enough.
        Invocation run = run("message", "0001");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                        message   %s
                        to        everybody: 2 peers
                        type      text/plain
                        size      2 B
                        created   2026-01-01 11:59:58.000 (2 s ago)

                        bob: delivered
                          2026-01-01 11:59:58.000  queued
                          2026-01-01 11:59:58.500  sealed and sent in session %s, epoch 0, record 7
                          2026-01-01 11:59:59.000  sealed and sent in session %s, epoch 1, record 0
                          2026-01-01 11:59:59.250  acknowledged: the peer has stored it

                        bob: refused
                          2026-01-01 11:59:58.000  queued
                        """.formatted(MESSAGE_ID, SESSION_ID, SESSION_ID));
        assertThat(run("message", MESSAGE_ID, "--json").out()).isEqualTo(message(traced, refused) + "\n");
        assertThat(run("message", "ffff").exitCode()).isEqualTo(6);
    }

    @Test
    void aReasonIsShownHarmless() {
        String refused = delivery("REFUSED", "no \\u001b[2J room")
                .replace("\"reason\"", "\"finishedAt\":\"2026-01-01T11:59:59Z\",\"reason\"");
        transport.on("GET /v1/messages/" + MESSAGE_ID, 200, message(refused));
        assertThat(run("message", MESSAGE_ID).out())
                .contains("refused: no \\x1b[2J room")
                .doesNotContain("\033");
    }

    @Test
    void messagesSince() {
        transport
                .on("GET /v1/messages?limit=20&since=2026-01-01T10%3A00%3A00Z", 200, "[]")
                .on("GET /v1/messages?limit=20&since=2025-12-31T00%3A00%3A00Z", 200, "[]");
        assertThat(run("messages", "--since", "2h").exitCode()).isZero();
        assertThat(run("messages", "--since", "2025-12-31").exitCode()).isZero();
        assertThat(run("messages", "--since", "2025-12-31T00:00:00Z").exitCode())
                .isZero();
    }

    @Test
    void cancel() {
        transport
                .on("DELETE /v1/messages/" + MESSAGE_ID + "?peer=bob", 200, message(delivery("CANCELLED", null)))
                .on("DELETE /v1/messages/" + MESSAGE_ID, 409, problem("message-state", 409, "it has ended", null));
        assertThat(run("cancel", MESSAGE_ID, "--peer", "bob"))
                .isEqualTo(new Invocation("cancelled " + MESSAGE_ID + " to bob\n", "", 0));
        assertThat(run("cancel", MESSAGE_ID)).isEqualTo(new Invocation("", "error: it has ended\n", 4));
    }

    @Test
    void historyShowsBothWaysAndMarksWhatItShowed() {
        transport
                .on(
                        "GET /v1/history?limit=50&peer=bob",
                        200,
                        history(3L, sent(4, "QUEUED", "hi"), came(5, true, "a\\nb\\u001b[2J")))
                .on("POST /v1/history/read", 200, READ);
        assertThat(run("history", "bob"))
                .isEqualTo(new Invocation(
                        " 11:59:04 > bob: hi  … queued\n*11:59:05 < bob: a\n            b\\x1b[2J\n",
                        "older ones: parley history bob --before 3\n"
                                + "what is older counts as read too: 1 message more\n",
                        0));
        assertThat(transport.asked()).last().isEqualTo(json("POST /v1/history/read {'peer':'bob','upTo':5}"));
    }

    @Test
    void historyThatMarksNothing() {
        String page = history(null, came(5, true, "hi"));
        transport
                .on("GET /v1/history?limit=50", 200, page)
                .on("GET /v1/history?limit=50&search=h%20i", 200, page)
                .on("GET /v1/history?limit=2&group=team&before=9&unread=true", 200, page);
        assertThat(run("history", "--peek").out()).isEqualTo("*11:59:05 < bob: hi\n");
        assertThat(run("history", "--search", "h i", "--json").out()).isEqualTo(page + "\n");
        assertThat(run("history", "--group", "@team", "-n", "2", "--before", "9", "--unread")
                        .exitCode())
                .isZero();
        assertThat(transport.asked()).noneMatch(each -> each.startsWith("POST"));
    }

    @Test
    void aSearchThatGaveUpSaysSo() {
        transport.on(
                "GET /v1/history?limit=50&search=it%27s", 200, json("{'entries':[],'before':7,'incomplete':true}"));
        assertThat(run("history", "--search", "it's").err())
                .isEqualTo("nothing found so far\nthe search went only so far; go on with: "
                        + "parley history --search 'it'\\''s' --before 7\n");
    }

    @Test
    void unreadByPeer() {
        String some = PEER.replace("\"unread\":0", "\"unread\":3").replace("\"waiting\":0", "\"waiting\":2");
        transport.on("GET /v1/peers", 200, "[" + some + "," + Samples.PENDING + "]");
        assertThat(run("unread").out()).isEqualTo("PEER  UNREAD\nbob   3\n");
        assertThat(run("unread", "--json").out())
                .isEqualTo(json("[{'peerId':'" + BOB + "','alias':'bob','unread':3}]\n"));
        assertThat(run("peers").out()).contains("yes, 3 unread, 2 waiting");
    }

    @Test
    void statusSaysWhatWaitsAndWarnsFirst() {
        String status = STATUS.replace("\"warnings\":[]", "\"warnings\":[\"the disk is nearly full\"]")
                .replace("\"unread\":0,\"transfers\":0", "\"unread\":4,\"transfers\":1")
                .replace("\"QUEUED\":0,\"SENT\":0", "\"QUEUED\":2,\"SENT\":1");
        transport.on("GET /v1/status", 200, status);
        assertThat(run("status").out())
                .startsWith("WARNING     the disk is nearly full\nnode ")
                .contains("\nwaiting     3 messages for peers\nunread      4 messages", "\ntransfers   1 of files");
    }

    @Test
    void groups() {
        String team = json("{'name':'team','createdAt':'2026-01-01T11:00:00Z','members':[{'peerId':'" + BOB
                + "','alias':'bob','connected':true},{'peerId':'" + EVE + "','connected':false}]}");
        transport
                .on("GET /v1/groups", 200, "[" + team + "]")
                .on("GET /v1/groups/team", 200, team)
                .on("PUT /v1/groups/team", 200, team)
                .on("PUT /v1/groups/team", 409, problem("group-exists", 409, "there is one", null))
                .on("PUT /v1/groups/team/members/bob", 200, team)
                .on("PUT /v1/groups/team/members/eve", 200, team)
                .on("DELETE /v1/groups/team/members/bob", 200, team)
                .on("DELETE /v1/groups/team", 204, "")
                .on("GET /v1/groups/none", 404, problem("group-not-found", 404, "no such group", null));
        assertThat(run("groups").out()).contains("@team  2        1          bob, eveaaaaaaaaa…");
        assertThat(run("groups", "list", "--json").out()).isEqualTo("[" + team + "]\n");
        assertThat(run("groups", "show", "@team").out()).startsWith("@team, 2 members, made 1 h 0 m ago\n");
        assertThat(run("groups", "create", "team", "bob", "eve").out()).isEqualTo("created @team, 2 members\n");
        assertThat(run("groups", "create", "team").exitCode()).isEqualTo(4);
        assertThat(run("groups", "add", "team", "bob").out()).isEqualTo("@team, 2 members\n");
        assertThat(run("groups", "remove", "team", "bob").exitCode()).isZero();
        assertThat(run("groups", "delete", "team").out()).isEqualTo("deleted @team\n");
        assertThat(run("groups", "show", "none").exitCode()).isEqualTo(6);
    }

    @Test
    void whatIsJson() {
        for (String good : new String[] {"{}", " [1e400, -0.0] ", "\"x\"", "null", "1", "{\"a\":1,\"a\":2}"}) {
            Json.check(good);
        }
        for (String bad :
                new String[] {"", " ", "{", "}", "[1,]", "01", "{}{}", "1 2", "'x'", "nul", "{\"a\":}", "\"\n\""}) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> Json.check(bad))
                    .as(bad)
                    .isInstanceOf(dev.parley.client.json.JsonException.class);
        }
    }
}
