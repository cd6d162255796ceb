package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.BOB_GROUPS;
import static dev.parley.client.Samples.CONNECTION;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.IDENTITY;
import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.PEER;
import static dev.parley.client.Samples.PENDING;
import static dev.parley.client.Samples.SESSION;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.STATUS;
import static dev.parley.client.Samples.delivery;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.message;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.http.Reply;
import dev.parley.client.http.TransportException;
import dev.parley.client.http.TransportException.Kind;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command by a table: arguments and canned reply to text, JSON, error and exit code. */
class CommandTest {
    /** @param text parts that the answer for people has, in this order */
    record Row(String arguments, String request, int status, String reply, int exitCode, String err, String... text) {
        @Override
        public String toString() {
            return arguments + " -> " + status;
        }
    }

    static Stream<Row> answers() {
        String delivered = message(delivery("DELIVERED", null));
        return Stream.of(
                new Row(
                        "status",
                        "GET /v1/status",
                        200,
                        STATUS,
                        0,
                        "",
                        "node        bob (ready, up 1 h 0 m, pid 42)",
                        BOB_GROUPS,
                        "127.0.0.1:3001",
                        "2 live, 1 connection kept",
                        "1 trusted, 1 verified",
                        "7 delivered",
                        "A256GCM, A256CBC-HS512"),
                new Row(
                        "sessions",
                        "GET /v1/sessions",
                        200,
                        "[" + SESSION + "]",
                        0,
                        "",
                        "PEER",
                        "bob",
                        "10.0.0.2:40000",
                        "peer",
                        "up",
                        "2 m",
                        "3 s ago",
                        "1.5 KiB",
                        "2.0 MiB",
                        SESSION_ID),
                new Row(
                        "sessions",
                        "GET /v1/sessions",
                        200,
                        "[]",
                        0,
                        "no sessions; `parley connect HOST PORT` makes one\n"),
                new Row(
                        "connections",
                        "GET /v1/connections",
                        200,
                        "[" + CONNECTION + "]",
                        0,
                        "",
                        "10.0.0.9:3001",
                        "waiting",
                        "3",
                        "in 8 s",
                        "connection refused (10 s ago)"),
                new Row(
                        "peers",
                        "GET /v1/peers",
                        200,
                        "[" + PEER + "]",
                        0,
                        "",
                        "bob",
                        "Bob",
                        "trusted",
                        "yes",
                        "1 m ago",
                        "10.0.0.2:3001",
                        BOB),
                new Row(
                        "peers list --state pending",
                        "GET /v1/peers",
                        200,
                        "[" + PEER + "," + PENDING + "]",
                        0,
                        "pending peers wait for `parley peers approve` or `parley peers block`\n",
                        "pending",
                        "eve"),
                new Row("peers show bob", "GET /v1/peers/bob", 200, PEER, 0, "", BOB_GROUPS, "trusted, connected"),
                new Row(
                        "peers approve bob --alias rob",
                        "POST /v1/peers/bob/approve",
                        200,
                        PEER,
                        0,
                        "",
                        "approved bob"),
                new Row("peers verify --yes bob", "POST /v1/peers/bob/verify", 200, PEER, 0, "", "verified bob"),
                new Row("verify --yes bob", "POST /v1/peers/bob/verify", 200, PEER, 0, "", "verified bob"),
                new Row(
                        "identity rotate",
                        "POST /v1/identity/rotate",
                        200,
                        json("{'peerId':'" + BOB + "','nextPeerId':'" + EVE + "'}"),
                        0,
                        "backups made before that start need the old key, which is destroyed: make a new one after it\n",
                        "now              " + BOB_GROUPS,
                        "from next start  evea"),
                new Row(
                        "identity rotate",
                        "POST /v1/identity/rotate",
                        200,
                        json("{'peerId':'" + BOB + "','nextPeerId':'" + EVE
                                + "','note':'a fleet needs a certificate'}"),
                        0,
                        "a fleet needs a certificate\n"
                                + "backups made before that start need the old key, which is destroyed: make a new one after it\n",
                        "from next start  evea"),
                new Row("peers block bob", "POST /v1/peers/bob/block", 200, PEER, 0, "", "blocked bob"),
                new Row(
                        "peers alias " + BOB + " bob",
                        "PUT /v1/peers/" + BOB + "/alias",
                        200,
                        PEER,
                        0,
                        "",
                        "is now bob"),
                new Row(
                        "peers add " + BOB + " --alias bob --address h:1",
                        "POST /v1/peers",
                        200,
                        PEER,
                        0,
                        "",
                        "added bob"),
                new Row(
                        "peers approve nobody",
                        "POST /v1/peers/nobody/approve",
                        404,
                        problem("peer-not-found", 404, "no peer is called nobody", "`parley peers` lists them"),
                        6,
                        "error: no peer is called nobody\nhint: `parley peers` lists them\n"),
                new Row(
                        "peers show a%2F/ü",
                        "GET /v1/peers/a%252F%2F%C3%BC",
                        404,
                        problem("peer-not-found", 404, "no such peer", null),
                        6,
                        "error: no such peer\n"),
                new Row(
                        "peers approve bobx",
                        "POST /v1/peers/bobx/approve",
                        409,
                        problem("peer-ambiguous", 409, "two fit", null),
                        6,
                        "error: two fit\n"),
                new Row(
                        "peers alias bob eve",
                        "PUT /v1/peers/bob/alias",
                        409,
                        problem("alias-taken", 409, "another peer has this alias", null),
                        4,
                        "error: another peer has this alias\n"),
                new Row(
                        "send bob hi there",
                        "POST /v1/messages",
                        200,
                        message(delivery("SENT", null)),
                        0,
                        "",
                        "sent " + MESSAGE_ID + " to bob"),
                new Row(
                        "send bob hi --wait delivered --timeout 500ms",
                        "POST /v1/messages?wait=delivered&timeout=PT0.5S",
                        200,
                        delivered,
                        0,
                        "",
                        "delivered " + MESSAGE_ID),
                new Row(
                        "send bob hi --wait delivered",
                        "POST /v1/messages?wait=delivered&timeout=PT10S",
                        200,
                        message(delivery("SENT", null)),
                        5,
                        "error: not delivered within 10 s\nhint: the node goes on trying; `parley message " + MESSAGE_ID
                                + "` shows what becomes of it\n",
                        "sent"),
                new Row(
                        "send bob hi",
                        "POST /v1/messages",
                        200,
                        message(delivery("REFUSED", "unwanted type")),
                        4,
                        "error: the message to bob was refused: unwanted type\n",
                        "refused"),
                new Row(
                        "send bob hi",
                        "POST /v1/messages",
                        507,
                        problem("quota-reached", 507, "too much waits for bob", "cancel some"),
                        4,
                        "error: too much waits for bob\nhint: cancel some\n"),
                new Row(
                        "send bob hi",
                        "POST /v1/messages",
                        504,
                        problem("timed-out", 504, "no answer in time", null),
                        5,
                        "error: no answer in time\n"),
                new Row(
                        "broadcast hi",
                        "POST /v1/messages",
                        200,
                        message(delivery("SENT", null), delivery("SENT", null)),
                        0,
                        "",
                        "message " + MESSAGE_ID,
                        "bob",
                        "sent",
                        "2 peers: 2 sent"),
                new Row(
                        "messages",
                        "GET /v1/messages?limit=20",
                        200,
                        "[" + delivered + "]",
                        0,
                        "",
                        MESSAGE_ID,
                        "bob",
                        "delivered",
                        "2 s ago",
                        "2 B",
                        "text/plain"),
                new Row(
                        "messages -n 5 --peer bob --state sent",
                        "GET /v1/messages?limit=5&peer=bob&state=SENT",
                        200,
                        "[]",
                        0,
                        "no messages\n"),
                new Row(
                        "messages " + MESSAGE_ID,
                        "GET /v1/messages/" + MESSAGE_ID,
                        200,
                        delivered,
                        0,
                        "",
                        "text/plain",
                        "2 B",
                        "delivered"),
                new Row("identity", "GET /v1/identity", 200, IDENTITY, 0, "", BOB_GROUPS, "RSA 3072 bits"),
                new Row(
                        "status",
                        "GET /v1/status",
                        500,
                        problem("internal-error", 500, "see the log, 17", null),
                        1,
                        "error: see the log, 17\n"),
                new Row(
                        "status",
                        "GET /v1/status",
                        418,
                        problem("of-the-future", 418, "something new", null),
                        4,
                        "error: something new\n"),
                new Row(
                        "status",
                        "GET /v1/status",
                        200,
                        "{\"apiVersion\":1",
                        1,
                        "error: the node's answer makes no sense: broken JSON at character 15\n"
                                + "hint: use the client that came with the node\n"),
                new Row(
                        "status",
                        "GET /v1/status",
                        200,
                        "{}",
                        1,
                        "error: the node's answer makes no sense: no value for NodeStatus.apiVersion\n"
                                + "hint: use the client that came with the node\n"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersForPeople(Row row) {
        var transport = new FakeTransport().on(row.request(), row.status(), row.reply());
        Invocation run = Invocation.run(transport, row.arguments().split(" "));
        assertThat(run.err()).isEqualTo(row.err());
        assertThat(run.exitCode()).isEqualTo(row.exitCode());
        if (row.text().length == 0) {
            assertThat(run.out()).isEmpty();
        } else {
            assertThat(run.out()).containsSubsequence(row.text());
        }
        assertThat(run.out()).doesNotContain("\033");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersForPrograms(Row row) {
        var transport = new FakeTransport().on(row.request(), row.status(), row.reply());
        Invocation run = Invocation.run(transport, (row.arguments() + " --json").split(" "));
        assertThat(run.exitCode()).isEqualTo(row.exitCode());
        boolean answered =
                row.status() == 200 && row.exitCode() != 1 && !row.arguments().contains("--state pending");
        if (answered) {
            assertThat(run.out()).isEqualTo(row.reply() + "\n");
        }
        if (row.exitCode() != 0) {
            // One JSON object that says the same.
            assertThat(dev.parley.client.json.Json.parse(run.err().strip()))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsKeys("code", "detail")
                    .containsEntry("exitCode", (long) row.exitCode());
        }
    }

    @Test
    void filteredPeersAreJsonToo() {
        var transport = new FakeTransport().on("GET /v1/peers", 200, "[" + PEER + "," + PENDING + "]");
        Invocation run = Invocation.run(transport, "peers", "list", "--state", "trusted", "--json");
        assertThat(run.out()).isEqualTo("[" + PEER + "]\n");
    }

    @Test
    void bodiesOfRequests() {
        String ok = message(delivery("SENT", null));
        var transport = new FakeTransport()
                .on("POST /v1/messages", 200, ok)
                .on("POST /v1/peers/bob/approve", 200, PEER)
                .on("POST /v1/peers", 200, PEER);
        Invocation.run(transport, "send", "bob", "hi", "\"there\"");
        Invocation.run(transport, "send", "bob", "@@home", "--type", "text/x-mood");
        Invocation.run(transport, "line\n", false, Map.of(), "send", "bob", "-");
        Invocation.run(transport, "broadcast", "hi");
        Invocation.run(transport, "peers", "approve", "bob");
        Invocation.run(transport, "peers", "add", BOB_GROUPS, "--address", "h:1");
        assertThat(transport.asked())
                .containsExactly(
                        json("POST /v1/messages {'to':'bob','text':'hi \\'there\\''}"),
                        json("POST /v1/messages {'to':'bob','mediaType':'text/x-mood','text':'@home'}"),
                        json("POST /v1/messages {'to':'bob','text':'line\\n'}"),
                        json("POST /v1/messages {'broadcast':true,'text':'hi'}"),
                        "POST /v1/peers/bob/approve {}",
                        json("POST /v1/peers {'peerId':'" + BOB + "','addresses':['h:1']}"));
    }

    @Test
    void forgetSaysSo() {
        var transport = new FakeTransport().on("DELETE /v1/peers/bob", 204, "");
        assertThat(Invocation.run(transport, "peers", "forget", "bob").out()).isEqualTo("forgot bob\n");
    }

    @Test
    void disconnectEndsWhatIsKeptAndWhatThePeerDialed() {
        var transport = new FakeTransport()
                .on("DELETE /v1/connections/bob", 404, problem("connection-not-found", 404, "not kept", null))
                .on("GET /v1/sessions", 200, "[" + SESSION + "]")
                .on("DELETE /v1/sessions/" + SESSION_ID, 204, "");
        assertThat(Invocation.run(transport, "disconnect", "bob"))
                .isEqualTo(new Invocation("disconnected bob\n", "", 0));
    }

    @Test
    void disconnectOfNobodyIsNotFound() {
        var transport = new FakeTransport()
                .on("DELETE /v1/connections/eve", 404, problem("connection-not-found", 404, "not kept", null))
                .on("GET /v1/sessions", 200, "[" + SESSION + "]");
        assertThat(Invocation.run(transport, "disconnect", "eve"))
                .isEqualTo(new Invocation("", "error: not kept\n", 6));
    }

    @Test
    void disconnectOfASessionById() {
        var transport = new FakeTransport().on("DELETE /v1/sessions/" + SESSION_ID, 204, "");
        assertThat(Invocation.run(transport, "disconnect", SESSION_ID).exitCode())
                .isZero();
    }

    @Test
    void textOfPeersIsHarmless() {
        var transport = new FakeTransport().on("GET /v1/peers", 200, "[" + PENDING + "]");
        Invocation run = Invocation.run(transport, "peers");
        assertThat(run.out()).contains("E\\x1b[31mve\\u202e").doesNotContain("\033", "\u202e");
    }

    @Test
    void jsonOfPeersIsHarmlessOnATerminalToo() {
        String reply = PENDING.replace("\\u202e", "\u202e\u009b");
        var transport = new FakeTransport().on("GET /v1/peers", 200, "[" + reply + "]");
        Invocation run = Invocation.run(transport, "peers", "--json");
        assertThat(run.out()).contains("\\u202e\\u009b").doesNotContain("\u202e", "\u009b", "\033");
        assertThat(dev.parley.client.json.Json.parse(run.out()))
                .isEqualTo(dev.parley.client.json.Json.parse("[" + reply + "]"));
    }

    static Stream<Object[]> unreachable() {
        return Stream.of(
                new Object[] {Kind.UNREACHABLE, 3},
                new Object[] {Kind.DENIED, 3},
                new Object[] {Kind.CUT_OFF, 3},
                new Object[] {Kind.TIMED_OUT, 5},
                new Object[] {Kind.MALFORMED, 1},
                new Object[] {Kind.BAD_PATH, 2});
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void nodesThatCannotBeReached(Kind kind, int exitCode) {
        var transport = new FakeTransport().on("GET /v1/status", new TransportException(kind, "this went wrong"));
        Invocation run = Invocation.run(transport, "status");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).matches("error: this went wrong\nhint: [^\n]+\n");
    }

    @Test
    void anotherVersionOfTheApiIsRefused() {
        var transport =
                new FakeTransport().on("GET /v1/status", new Reply(200, Map.of("parley-api-version", "2"), STATUS));
        Invocation run = Invocation.run(transport, "status");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("error: the node speaks version 2 of the admin API and this client version 1");
    }

    @Test
    void somethingThatIsNoNodeIsRefused() {
        var transport = new FakeTransport().on("GET /v1/status", new Reply(200, Map.of(), STATUS));
        assertThat(Invocation.run(transport, "status").err()).contains("is not a Parley node");
        transport = new FakeTransport().on("GET /v1/status", new Reply(404, Map.of(), "<html>"));
        assertThat(Invocation.run(transport, "status").err()).contains("HTTP status 404");
    }

    static Stream<Object[]> misuses() {
        return Stream.of(
                new Object[] {"staus", "did you mean status?"},
                new Object[] {"status --jsn", "did you mean --json?"},
                new Object[] {"send bob", "`parley send --help` shows what it takes"},
                new Object[] {"connect host", "`parley connect --help` shows what it takes"},
                new Object[] {"connect host 70000", "port 70000 is not in 1 to 65535"},
                new Object[] {"connect host http", "invalid value for positional parameter"},
                new Object[] {"connect h 1 --expect " + BOB + " --accept-new", "exclude each other"},
                new Object[] {"send bob hi --timeout soon", "'soon' is not a duration"},
                new Object[] {"send bob hi --type a\nb", "--type takes a media type"},
                new Object[] {"send bob @/no/such/file", "there is no file '/no/such/file'"},
                new Object[] {"send bob @/", "is a directory"},
                new Object[] {"watch --type mesage", "there are session-up"},
                new Object[] {"watch --count 0", "--count takes"},
                new Object[] {"messages -n 0", "--limit takes"},
                new Object[] {"peers show ..", "is not the name of a peer"},
                new Object[] {"peers verify bob", "pass --yes"},
                new Object[] {"verify bob", "pass --yes"},
                new Object[] {"verify", "missing required parameter"},
                new Object[] {"connect h 1 --accept-changed-key " + BOB + " --accept-new", "stands alone"},
                new Object[] {"identity export /tmp/no-such-file-of-parley", "pass --passphrase-file"},
                new Object[] {"identity rotate --grace soon", "'soon' is not a duration"},
                new Object[] {"audit", "audit needs a command"},
                new Object[] {"send bob hi --json-body {}", "exclude each other"},
                new Object[] {"send bob --json-body {", "the body is not JSON: broken JSON at character"},
                new Object[] {"send bob hi --type application/json", "the body is not JSON"},
                new Object[] {"send bob --json-body {} --type text/plain", "not of the type text/plain"},
                new Object[] {"send bob hi --expires 61d", "--expires takes a time from 1s to 60d"},
                new Object[] {"send bob hi --expires 0s", "--expires takes"},
                new Object[] {"send bob hi --connected", "for a group or a broadcast"},
                new Object[] {"broadcast", "nothing to send"},
                new Object[] {"messages --since noon", "--since takes a time: 'noon' is none"},
                new Object[] {"message xyz!", "is no part of the id of a message"},
                new Object[] {"message 123", "give 4 characters of it or more"},
                new Object[] {"history -n 0", "--limit takes"},
                new Object[] {"groups create ../x", "is not the name of a group"},
                new Object[] {"store prune --older 90d", "pass --yes"},
                new Object[] {"store prune", "missing required option"},
                new Object[] {"restore /no/such/file", "there is no file"},
                new Object[] {"files send bob -", "give it one with --name"},
                new Object[] {"files send bob /no/such/file", "there is no file '/no/such/file'"},
                new Object[] {"files send bob /dev/null", "neither a file nor a folder"},
                new Object[] {"files send bob /a /b --name c", "--name is for one file"},
                new Object[] {"files get abcd /no/such/dir", "there is no directory"},
                new Object[] {"files get abcd --max-size 1g", "--max-size is for --unpack"},
                new Object[] {"files get abcd --unpack --max-size much", "'much' is not a size"});
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void misuse(String arguments, String expected) {
        Invocation run = Invocation.run(new FakeTransport(), arguments.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("error: ").contains(expected);
    }

    @Test
    void chatIsNotForPrograms() {
        Invocation run = Invocation.run(new FakeTransport(), "chat", "--json");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(json("{'code':'usage','detail':'chat is for people'"));
    }

    @Test
    void withoutArgumentsInAPipeItIsHelpAndMisuse() {
        Invocation run = Invocation.run(new FakeTransport());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: parley", "status", "connect", "broadcast");
    }

    @Test
    void helpIsAnAnswer() {
        Invocation run = Invocation.run(new FakeTransport(), "send", "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: parley send", "--wait", "--json", "--socket");
    }

    @Test
    void optionsMayComeBeforeTheCommand() {
        var transport = new FakeTransport().on("GET /v1/status", 200, STATUS);
        assertThat(Invocation.run(transport, "--json", "status").out()).isEqualTo(STATUS + "\n");
    }

    @Test
    void identityInParts() {
        var transport = new FakeTransport().on("GET /v1/identity", 200, IDENTITY);
        assertThat(Invocation.run(transport, "identity", "--id").out()).isEqualTo(BOB + "\n");
        assertThat(Invocation.run(transport, "identity", "--pem").out())
                .isEqualTo("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    }

    @Test
    void versionNeedsNoNode() {
        var away = new FakeTransport().on("GET /v1/version", new TransportException(Kind.UNREACHABLE, "none"));
        assertThat(Invocation.run(away, "version").out()).matches("client {2}\\S+\nnode {4}not reached\n");
        var there = new FakeTransport()
                .on("GET /v1/version", 200, json("{'apiVersion':1,'version':'9','protocol':'PSP/1','java':'25'}"));
        assertThat(Invocation.run(there, "version", "--json").out())
                .contains(json("'apiVersion':1,'node':{'apiVersion':1,'version':'9'"));
    }

    @Test
    void completionKnowsTheCommands() {
        Invocation run = Invocation.run(new FakeTransport(), "completion", "bash");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("complete", "broadcast", "disconnect", "--expect", "history", "decline", "--unpack");
        assertThat(Invocation.run(new FakeTransport(), "completion", "zsh").out())
                .startsWith("autoload");
        assertThat(Invocation.run(new FakeTransport(), "completion", "fish").exitCode())
                .isEqualTo(2);
    }
}
