package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.SendRequest;
import dev.parley.node.control.LivePeers.Live;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.AckStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class MessageResourceTest {
    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @AfterEach
    void clear() {
        live.clear();
    }

    private static RequestSpecification json(Object body) {
        return given().contentType("application/json").body(body);
    }

    private static Record.Message message(Live to) {
        await().until(() -> !to.link().messages().isEmpty());
        return to.link().messages().getLast();
    }

    @Test
    void sendsAText() {
        var bob = live.up("bob");
        json(SendRequest.text("bob", "grüß dich"))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("id", notNullValue())
                .body("scope", equalTo("DIRECT"))
                .body("mediaType", equalTo("text/plain; charset=utf-8"))
                .body("size", equalTo(11))
                .body("deliveries", hasSize(1))
                .body("deliveries[0].peerId", equalTo(bob.id().toString()))
                .body("deliveries[0].alias", equalTo("bob"))
                .body("deliveries[0].queuedAt", notNullValue());
        assertThat(new String(message(bob).payload(), StandardCharsets.UTF_8)).isEqualTo("grüß dich");
    }

    @Test
    void sendsAnyBytes() {
        var bob = live.up("bob");
        byte[] bytes = {0, -1, 13, 10};
        json(new SendRequest(
                        "bob",
                        null,
                        null,
                        "image/png",
                        null,
                        Base64.getEncoder().encodeToString(bytes),
                        null))
                .post("/v1/messages")
                .then()
                .statusCode(202);
        assertThat(message(bob).payload()).isEqualTo(bytes);
        assertThat(message(bob).mediaType()).isEqualTo("image/png");
    }

    @Test
    void sendsALongestMessageHoweverItIsWritten() {
        var bob = live.up("bob");
        String longest = "\u0001".repeat(AdminApi.MAX_MESSAGE_BYTES);
        json(SendRequest.text("bob", longest)).post("/v1/messages").then().statusCode(202);
        assertThat(message(bob).payload()).hasSize(AdminApi.MAX_MESSAGE_BYTES);
    }

    @Test
    void waitsForTheAcknowledgement() {
        var bob = live.up("bob");
        var acknowledged = CompletableFuture.runAsync(() -> live.acknowledge(bob, message(bob), AckStatus.STORED));
        json(SendRequest.text("bob", "hi"))
                .post("/v1/messages?wait=delivered&timeout=PT30S")
                .then()
                .statusCode(200)
                .body("deliveries[0].state", equalTo("DELIVERED"))
                .body("deliveries[0].finishedAt", notNullValue())
                .body("summary.DELIVERED", equalTo(1));
        acknowledged.join();
    }

    @Test
    void waitsForARefusalAsWell() {
        var bob = live.up("bob");
        var refused = CompletableFuture.runAsync(() -> live.acknowledge(bob, message(bob), AckStatus.REFUSED));
        json(SendRequest.text("bob", "hi"))
                .post("/v1/messages?wait=delivered&timeout=PT30S")
                .then()
                .statusCode(200)
                .body("deliveries[0].state", equalTo("REFUSED"))
                .body("deliveries[0].reason", equalTo("refused by the peer"));
        refused.join();
    }

    @Test
    void givesUpWaitingButNotTheMessage() {
        var bob = live.up("bob");
        String id = json(SendRequest.text("bob", "hi"))
                .post("/v1/messages?wait=delivered&timeout=PT0.05S")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        live.acknowledge(bob, message(bob), AckStatus.STORED);
        await().untilAsserted(() -> given().get("/v1/messages/" + id)
                .then()
                .statusCode(200)
                .body("deliveries[0].state", equalTo("DELIVERED")));
    }

    @Test
    void broadcastsToAllThatAreConnected() {
        var bob = live.up("bob");
        var eve = live.up("eve");
        String id = json(new SendRequest(null, true, true, null, "to all", null, null))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("scope", equalTo("BROADCAST"))
                .body("deliveries.alias", containsInAnyOrder("bob", "eve"))
                .extract()
                .path("id");
        live.acknowledge(bob, message(bob), AckStatus.STORED);
        live.acknowledge(eve, message(eve), AckStatus.REFUSED);
        await().untilAsserted(() -> given().get("/v1/messages/" + id)
                .then()
                .body("summary.DELIVERED", equalTo(1))
                .body("summary.REFUSED", equalTo(1)));
    }

    @Test
    void listsTheNewestFirst() {
        var bob = live.up("bob");
        live.up("eve");
        String first = json(SendRequest.text("bob", "1")).post("/v1/messages").path("id");
        live.acknowledge(bob, message(bob), AckStatus.STORED);
        String second = json(SendRequest.text("eve", "2")).post("/v1/messages").path("id");
        given().get("/v1/messages?limit=2")
                .then()
                .statusCode(200)
                .body("[0].id", equalTo(second))
                .body("[1].id", equalTo(first));
        await().untilAsserted(() -> given().get("/v1/messages?peer=bob&state=delivered")
                .then()
                .body("id", equalTo(java.util.List.of(first))));
        given().get("/v1/messages?peer=bob&state=queued").then().body("", hasSize(0));
    }

    @Test
    void refusesABroadcastToNobody() {
        problem(
                json(new SendRequest(null, true, true, null, "anyone?", null, null))
                        .post("/v1/messages")
                        .then(),
                ErrorCode.NO_RECIPIENTS);
    }

    @Test
    void refusesAMessageToWhomTheOperatorHasNotLetIn() {
        var bob = live.up("bob");
        peers.block(bob.id());
        problem(json(SendRequest.text("bob", "hi")).post("/v1/messages").then(), ErrorCode.PEER_STATE)
                .body("detail", equalTo("the peer is blocked"));
        assertThat(bob.link().messages()).isEmpty();
    }

    @Test
    void refusesAMessageToNobodyKnown() {
        problem(json(SendRequest.text("nobody", "hi")).post("/v1/messages").then(), ErrorCode.PEER_NOT_FOUND);
    }

    @Test
    void refusesAMessageThatIsTooLong() {
        live.up("bob");
        problem(
                        json(SendRequest.text("bob", "x".repeat(AdminApi.MAX_MESSAGE_BYTES + 1)))
                                .post("/v1/messages")
                                .then(),
                        ErrorCode.MESSAGE_TOO_LARGE)
                .body("detail", equalTo("a message has at most 1048576 bytes, this one has 1048577"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'text':'hi'}|the recipient must be either",
                "{'to':'bob','broadcast':true,'text':'hi'}|the recipient must be either",
                "{'to':'bob'}|the body must be either",
                "{'to':'bob','text':'hi','bodyBase64':'aGk='}|the body must be either",
                "{'to':'bob','bodyBase64':'a.b'}|bodyBase64 must be base64",
                "{'to':'bob','text':'hi','mediaType':''}|mediaType must be",
                "{'to':'bob','text':'hi','mediaType':'ü'}|mediaType must be",
                "{'to':7,'text':'hi'}|'to' is not a string",
                "{'broadcast':'yes','text':'hi'}|'broadcast' is not true or false",
            })
    void refusesAMessageThatMakesNoSense(String body, String detail) {
        live.up("bob");
        problem(json(body.replace('\'', '"')).post("/v1/messages").then(), ErrorCode.INVALID_VALUE)
                .body("detail", containsString(detail));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait=soon",
                "wait=sent&timeout=5",
                "wait=sent&timeout=-PT5S",
                "wait=sent&timeout=PT9999H",
            })
    void refusesAWaitThatMakesNoSense(String query) {
        problem(
                json(SendRequest.text("bob", "hi"))
                        .post("/v1/messages?" + query)
                        .then(),
                ErrorCode.INVALID_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=ten", "limit=10001", "state=lost"})
    void refusesAListThatMakesNoSense(String query) {
        problem(given().get("/v1/messages?" + query).then(), ErrorCode.INVALID_VALUE);
    }

    @Test
    void refusesAnUnknownId() {
        problem(given().get("/v1/messages/019aaaaa-0000-7000-8000-000000000000").then(), ErrorCode.MESSAGE_NOT_FOUND);
        problem(given().get("/v1/messages/x").then(), ErrorCode.MESSAGE_NOT_FOUND);
    }
}
