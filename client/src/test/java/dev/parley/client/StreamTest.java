package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.SESSION;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code parley watch} and {@code parley audit tail}. */
class StreamTest {
    private static final String BEAT = json("{'type':'heartbeat','at':'2026-01-01T12:00:00Z'}");
    private static final String UP =
            json("{'type':'session-up','at':'2026-01-01T12:00:01Z','session':") + SESSION + "}";
    private static final String FROM_BOB = message(BOB, "hello\\nsecond\\u001b]0;owned\\u0007 line");
    private static final String FROM_EVE = message(EVE, "hello too");
    private static final String NEWER = json("{'type':'of-the-future','at':'2026-01-01T12:00:01Z'}");
    private static final String STOPPING = json("{'type':'node-stopping','at':'2026-01-01T12:00:09Z'}");

    private static String message(String peer, String text) {
        return json("{'type':'message-received','at':'2026-01-01T12:00:02Z','cursor':7,'id':'" + MESSAGE_ID
                + "','peerId':'" + peer
                + "','sessionId':'" + SESSION_ID + "','scope':'DIRECT','mediaType':'text/plain','size':5,"
                + "'sentAt':'2026-01-01T12:00:02Z','text':'" + text + "'}");
    }

    @Test
    void eventsForPeople() {
        var transport = new FakeTransport().stream("GET /v1/events", BEAT, UP, NEWER, FROM_BOB, STOPPING);
        Invocation run = Invocation.run(transport, "watch");
        assertThat(run.out()).isEqualTo("""
                        12:00:01  session up with bob at 10.0.0.2:40000, A256GCM
                        12:00:02  bobaaaaaaaaa…: hello
                                  second\\x1b]0;owned\\x07 line
                        12:00:09  the node is stopping
                        """);
        assertThat(run.err()).isEqualTo("error: the node has ended the stream\nhint: was it stopped?\n");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void eventsForPrograms() {
        var transport =
                new FakeTransport().stream("GET /v1/events?types=message-received%2Csession-up", BEAT, UP, FROM_BOB);
        Invocation run =
                Invocation.run(transport, "watch", "--json", "--type", "message-received,session-up", "-n", "2");
        assertThat(run).isEqualTo(new Invocation(UP + "\n" + FROM_BOB + "\n", "", 0));
    }

    @Test
    void onePeer() {
        var transport = new FakeTransport().stream("GET /v1/events", BEAT, FROM_BOB, UP, FROM_EVE);
        Invocation run = Invocation.run(transport, "watch", "--peer", "evea", "-n", "1");
        assertThat(run.out()).isEqualTo("12:00:02  eveaaaaaaaaa…: hello too\n");
    }

    @Test
    void aStreamThatWasCutOffForSlownessSaysSo() {
        String notice = json("{'type':'notice','at':'2026-01-01T12:00:02Z','code':'slow-reader','detail':'too slow'}");
        Invocation run = Invocation.run(new FakeTransport().stream("GET /v1/events", BEAT, notice), "watch");
        assertThat(run.out()).contains("notice: too slow");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void brokenEventsAreAnError() {
        for (String broken : new String[] {"{", "[]", "{\"type\":5}", "{\"type\":\"session-up\"}x"}) {
            Invocation run = Invocation.run(new FakeTransport().stream("GET /v1/events", broken), "watch");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).startsWith("error: the node's answer makes no sense");
        }
    }

    @Test
    void refusalsOfStreams() {
        var transport = new FakeTransport()
                .on("GET /v1/events", 403, problem("caller-not-allowed", 403, "not you", "become bob"));
        assertThat(Invocation.run(transport, "watch"))
                .isEqualTo(new Invocation("", "error: not you\nhint: become bob\n", 4));
    }

    @Test
    void auditForPeople() {
        String line = json("{'time':'2026-01-01T12:00:00.123456Z','seq':7,'level':'INFO','event':'SESSION_UP','peer':'"
                + BOB + "','claim':'two words\\u001b[2J','ciphertext':'" + "A".repeat(300) + "'}");
        var transport = new FakeTransport().stream("GET /v1/audit?lines=20&follow=false", line, "cut off {");
        Invocation run = Invocation.run(transport, "audit", "tail");
        assertThat(run.out())
                .isEqualTo("12:00:00.123  SESSION_UP peer=" + BOB + " claim=\"two words\\x1b[2J\""
                        + " ciphertext=(225 bytes)\ncut off {\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void auditForPrograms() {
        var transport = new FakeTransport().stream("GET /v1/audit?lines=3&follow=true", "{\"a\":1}", "{\"b\":2}");
        Invocation run = Invocation.run(transport, "audit", "tail", "-n", "3", "-f", "--json");
        assertThat(run.out()).isEqualTo("{\"a\":1}\n{\"b\":2}\n");
        assertThat(run.err()).contains("the node has ended the stream");
        assertThat(run.exitCode()).isEqualTo(3);
    }
}
