package dev.parley.client;

import static dev.parley.client.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.http.TransportException;
import org.junit.jupiter.api.Test;

/** {@code parley top} without a terminal. */
class TopTest {
    static String stats(int second, long messages) {
        return json("{'at':'2026-01-01T12:00:0" + second + "Z','peerId':'" + Samples.EVE
                        + "','name':'alice','startedAt':'2026-01-01T11:00:00Z','ready':true,'auditWritable':true,'auditLines':5,"
                        + "'cpuMillis':100,'heapBytes':1048576,'total':{'messagesSent':" + messages
                        + ",'messagesReceived':0,'bytesSent':" + messages * 100 + ",'bytesReceived':0},"
                        + "'outbox':{'messages':0,'bytes':0},'unread':0,'pending':0,'heldBack':0,'handshakes':0,'refused':{},"
                        + "'freeBytes':1073741824,'sessions':[")
                + Samples.SESSION.replace("\"messagesSent\":3", "\"messagesSent\":" + messages)
                + json("],'transfers':[],'transfersTotal':0}");
    }

    private final FakeTransport transport =
            new FakeTransport().on("GET /v1/stats", 200, stats(0, 100)).on("GET /v1/stats", 200, stats(2, 120));

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    @Test
    void aDocumentALineAsTheNodeSaysIt() {
        assertThat(run("top", "--json", "-n", "2", "-i", "100ms"))
                .isEqualTo(new Invocation(stats(0, 100) + "\n" + stats(2, 120) + "\n", "", 0));
    }

    @Test
    void plainTextOneAfterTheOther() {
        var run = run("top", "-n", "2", "-i", "100ms");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "12:00:00\nalice  eveaaaaa  up 1 h 0 m  ready\nin 0 B/s 0 msg/s  out 0 B/s 0 msg/s\n",
                        "1 PEER",
                        "\nbob ",
                        "12:00:02\n",
                        "out 1000 B/s 10 msg/s\n")
                .doesNotContain("\033");
    }

    @Test
    void whatMakesNoSense() {
        assertThat(run("top", "-i", "1ms").exitCode()).isEqualTo(2);
        assertThat(run("top", "-n", "0").exitCode()).isEqualTo(2);
        assertThat(run("top", "--sort", "colour").exitCode()).isEqualTo(2);
    }

    @Test
    void noNode() {
        var none = new FakeTransport()
                .on(
                        "GET /v1/stats",
                        new TransportException(TransportException.Kind.UNREACHABLE, "there is no socket x"));
        assertThat(Invocation.run(none, "top", "-n", "1").exitCode()).isEqualTo(3);
    }
}
