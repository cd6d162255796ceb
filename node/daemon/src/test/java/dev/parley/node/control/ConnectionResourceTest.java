package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.admin.ConnectRequest;
import dev.parley.admin.ErrorCode;
import dev.parley.node.net.DialOutcome;
import dev.parley.node.net.HostPort;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class ConnectionResourceTest {
    private static final String LOOPBACK = "127.0.0.1";

    @Inject
    LivePeers live;

    @AfterEach
    void clear() {
        live.clear();
    }

    private static ValidatableResponse connect(Object body) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/connections")
                .then();
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void keepsTryingWhereNobodyAnswersUntilItIsForgotten() throws Exception {
        int port = freePort();
        String address = LOOPBACK + ":" + port;
        problem(connect(new ConnectRequest(LOOPBACK, port, null, null, null)), ErrorCode.DIAL_FAILED)
                .body("detail", containsString(address))
                .body("hint", containsString("keeps trying"));
        given().get("/v1/connections")
                .then()
                .statusCode(200)
                .body("", hasSize(1))
                .body("[0].address", equalTo(address))
                .body("[0].state", equalTo("WAITING"))
                .body("[0].nextAttempt", notNullValue())
                .body("[0].lastFailure.code", equalTo("dial-failed"))
                .body("[0].lastFailure.detail", notNullValue())
                .body("[0].peerId", nullValue());
        given().delete("/v1/connections/" + address).then().statusCode(204);
        given().get("/v1/connections").then().body("", hasSize(0));
        problem(given().delete("/v1/connections/" + address).then(), ErrorCode.CONNECTION_NOT_FOUND);
    }

    @Test
    void triesOnceWhereItIsNotToBeKept() throws Exception {
        problem(connect(new ConnectRequest(LOOPBACK, freePort(), null, null, false)), ErrorCode.DIAL_FAILED)
                .body("hint", containsString("check the address"));
        given().get("/v1/connections").then().body("", hasSize(0));
    }

    @Test
    void refusesToConnectToItself() {
        var own = HostPort.parse(live.ownAddress());
        problem(connect(new ConnectRequest(own.host(), own.port(), null, null, true)), ErrorCode.CONNECTED_TO_SELF);
        given().get("/v1/connections").then().body("", hasSize(0));
    }

    @Test
    void timesOutWhereSomebodyIsSilent() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            problem(
                    connect(new ConnectRequest(LOOPBACK, silent.getLocalPort(), null, null, false)),
                    ErrorCode.TIMED_OUT);
        }
    }

    @Test
    void findsTheSessionThatIsUpAlready() {
        var bob = live.up("bob");
        connect(new ConnectRequest("bob.example", 3001, null, null, false))
                .statusCode(200)
                .body("state", equalTo("CONNECTED"))
                .body("sessionId", equalTo(bob.session().id().toString()))
                .body("peerId", equalTo(bob.id().toString()))
                .body("claimedName", equalTo("bob's own name"))
                .body("alias", equalTo("bob"))
                .body("peerState", equalTo("TRUSTED"))
                .body("firstContact", equalTo(false))
                .body("suite", equalTo("A256GCM"))
                .body("keep", equalTo(false));
    }

    @Test
    void showsAndEndsAConnectionThatIsUp() {
        var bob = live.up("bob");
        connect(new ConnectRequest("bob.example", 3001, null, null, true))
                .statusCode(200)
                .body("keep", equalTo(true));
        given().get("/v1/connections")
                .then()
                .body("[0].state", equalTo("CONNECTED"))
                .body("[0].alias", equalTo("bob"))
                .body("[0].sessionId", equalTo(bob.session().id().toString()));
        given().get("/v1/status").then().body("counts.connections", greaterThan(0));
        given().delete("/v1/connections/bob").then().statusCode(204);
        await().untilAsserted(() -> assertThat(bob.link().closed).containsExactly(Failure.NORMAL));
        given().get("/v1/connections").then().body("", hasSize(0));
    }

    @Test
    void refusesToEndWhatThereIsNot() {
        var bob = live.up("bob");
        live.end(bob, LivePeers.ended(dev.parley.protocol.Ending.How.CLOSED, Failure.NORMAL));
        problem(given().delete("/v1/connections/bob").then(), ErrorCode.CONNECTION_NOT_FOUND);
        problem(given().delete("/v1/connections/nobody").then(), ErrorCode.PEER_NOT_FOUND);
        problem(given().delete("/v1/connections/host:0").then(), ErrorCode.INVALID_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'port':1}|host is missing",
                "{'host':'h'}|port is missing",
                "{'host':'h','port':0}|not a port",
                "{'host':'h','port':65536}|not a port",
                "{'host':'h','port':1.5}|'port' is not a whole number",
                "{'host':'h','port':'1'}|'port' is not a whole number",
                "{'host':'h','port':99999999999}|'port' is not",
                "{'host':'a b','port':1}|not a host name",
                "{'host':'h','port':1,'expect':'abc'}|expect: not a peer id",
                "{'host':'h','port':1,'keep':1}|'keep' is not true or false",
            })
    void refusesARequestThatMakesNoSense(String body, String detail) {
        problem(connect(body.replace('\'', '"')), ErrorCode.INVALID_VALUE).body("detail", containsString(detail));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONNECTED")
    void everyOutcomeHasAnErrorOfItsOwn(DialOutcome.Kind kind) {
        var outcome = new DialOutcome(kind, "said so", Optional.empty(), "", Optional.empty());
        var problem = DialProblems.of(outcome, "h:1", false).problem();
        assertThat(problem.detail()).isEqualTo("h:1: said so");
        var others = EnumSet.complementOf(EnumSet.of(kind, DialOutcome.Kind.CONNECTED));
        assertThat(Arrays.asList(others.stream().map(DialProblems::code).toArray()))
                .doesNotContain(DialProblems.code(kind));
    }
}
