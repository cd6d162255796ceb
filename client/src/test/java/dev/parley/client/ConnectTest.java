package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.BOB_GROUPS;
import static dev.parley.client.Samples.PEER;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.connected;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code parley connect}: who is trusted, and who is not, without being asked. */
class ConnectTest {
    private static final String WARNING = "dialing h:3001: this node shows its identity to whoever answers there\n";

    private final FakeTransport transport = new FakeTransport();

    @Test
    void aKnownPeerIsConnected() {
        transport.on("POST /v1/connections", 200, connected(false, "CONNECTED"));
        Invocation run = Invocation.run(transport, "connect", "h", "3001");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("connected to bobaaaaaaaaa… at h:3001 with A256GCM, session " + SESSION_ID + "\n");
        assertThat(run.err()).isEqualTo(WARNING);
        assertThat(transport.asked())
                .containsExactly(json("POST /v1/connections {'host':'h','port':3001,'acceptNew':false,'keep':true}"));
    }

    @Test
    void aStrangerInAPipeIsNeitherTrustedNorKept() {
        transport
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("DELETE /v1/connections/h%3A3001", 204, "");
        Invocation run = Invocation.run(transport, "connect", "h", "3001");
        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("error: the peer at h:3001 is new here", BOB, "hint: ", "--expect " + BOB);
        assertThat(transport.asked()).noneMatch(each -> each.contains("approve"));
    }

    @Test
    void aPersonIsShownTheIdAndAsked() {
        transport
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("POST /v1/peers/" + BOB + "/approve", 200, PEER);
        Invocation run = Invocation.run(transport, "y\nrob\n", true, Map.of(), "connect", "h", "3001");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains(WARNING, "\n  " + BOB_GROUPS + "\n", "it calls itself 'Bob', which proves nothing", "[y/N]");
        assertThat(transport.asked()).contains(json("POST /v1/peers/" + BOB + "/approve {'alias':'rob'}"));
    }

    @Test
    void anyAnswerButYesIsNo() {
        for (String answer : new String[] {"n\n", "\n", "", "maybe\n"}) {
            FakeTransport asked = new FakeTransport()
                    .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                    .on("DELETE /v1/connections/h%3A3001", 204, "");
            Invocation run = Invocation.run(asked, answer, true, Map.of(), "connect", "h", "3001");
            assertThat(run.exitCode()).isEqualTo(7);
            assertThat(asked.asked()).hasSize(2);
        }
    }

    @Test
    void aSessionThatIsNotKeptIsClosedWhenItIsNotTrusted() {
        transport
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("DELETE /v1/connections/h%3A3001", 404, problem("connection-not-found", 404, "none", null))
                .on("DELETE /v1/sessions/" + SESSION_ID, 204, "");
        assertThat(Invocation.run(transport, "connect", "h", "3001", "--once").exitCode())
                .isEqualTo(7);
        assertThat(transport.asked())
                .first()
                .isEqualTo(json("POST /v1/connections {'host':'h','port':3001,'acceptNew':false,'keep':false}"));
        assertThat(transport.asked()).last().isEqualTo("DELETE /v1/sessions/" + SESSION_ID);
    }

    @Test
    void theExpectedPeerIsTrustedAndNobodyElseIsToldWhoDials() {
        transport
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("POST /v1/peers/" + BOB + "/approve", 200, PEER);
        Invocation run = Invocation.run(transport, "connect", "h", "3001", "--expect", BOB_GROUPS, "--alias", "bob");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("connected to bob at h:3001");
        assertThat(transport.asked())
                .containsExactly(
                        json("POST /v1/connections {'host':'h','port':3001,'expect':'" + BOB
                                + "','acceptNew':false,'keep':true}"),
                        json("POST /v1/peers/" + BOB + "/approve {'alias':'bob'}"));
    }

    @Test
    void acceptNewTrustsWhoeverAnswers() {
        transport
                .on("POST /v1/connections", 200, connected(true, "CONNECTED"))
                .on("POST /v1/peers/" + BOB + "/approve", 200, PEER);
        assertThat(Invocation.run(transport, "connect", "h", "3001", "--accept-new")
                        .exitCode())
                .isZero();
        assertThat(transport.asked()).first().asString().contains("\"acceptNew\":true");
    }

    @Test
    void anotherKeyIsNotTrusted() {
        transport
                .on("POST /v1/connections", 409, problem("peer-key-changed", 409, "another key", "call bob"))
                .on("GET /v1/peers", 200, "[]");
        Invocation run = Invocation.run(transport, "connect", "h", "3001", "--accept-new");
        assertThat(run).isEqualTo(new Invocation("", WARNING + "error: another key\nhint: call bob\n", 7));
    }

    @Test
    void waitingForTheOtherOperatorIsNotAnError() {
        transport.on("POST /v1/connections", 200, connected(false, "AWAITING_APPROVAL"));
        Invocation run = Invocation.run(transport, "connect", "h", "3001");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("awaiting approval: h:3001");
        assertThat(run.err()).contains("its operator has to approve this node");
    }

    @Test
    void programsGetTheReply() {
        transport.on("POST /v1/connections", 200, connected(false, "CONNECTED"));
        Invocation run = Invocation.run(transport, "connect", "h", "3001", "--json");
        assertThat(run).isEqualTo(new Invocation(connected(false, "CONNECTED") + "\n", "", 0));
    }
}
