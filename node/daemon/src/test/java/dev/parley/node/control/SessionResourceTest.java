package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.admin.ErrorCode;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class SessionResourceTest {
    @Inject
    LivePeers live;

    @AfterEach
    void clear() {
        live.clear();
    }

    @Test
    void listsNothingWhenThereIsNothing() {
        given().get("/v1/sessions").then().statusCode(200).body("", hasSize(0));
    }

    @Test
    void showsASession() {
        var bob = live.up("bob");
        given().get("/v1/sessions")
                .then()
                .statusCode(200)
                .body("", hasSize(1))
                .body("[0].sessionId", equalTo(bob.session().id().toString()));
        given().get("/v1/sessions/" + bob.session().id())
                .then()
                .statusCode(200)
                .body("peerId", equalTo(bob.id().toString()))
                .body("alias", equalTo("bob"))
                .body("remoteAddress", equalTo("192.0.2.1:3001"))
                .body("initiatedHere", equalTo(true))
                .body("suite", equalTo("A256GCM"))
                .body("state", equalTo("UP"))
                .body("epoch", equalTo(3))
                .body("lastHeard", notNullValue());
    }

    @Test
    void showsOneThatWaitsForTheOperator() {
        var stranger = live.session(LivePeers.identity("stranger", ""), false);
        given().get("/v1/sessions/" + stranger.session().id())
                .then()
                .statusCode(200)
                .body("state", equalTo("UNCONFIRMED"))
                .body("containsKey('alias')", equalTo(false));
    }

    @Test
    void closesASession() {
        var bob = live.up("bob");
        given().delete("/v1/sessions/" + bob.session().id()).then().statusCode(204);
        await().untilAsserted(() -> assertThat(bob.link().closed).containsExactly(Failure.NORMAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"019aaaaa-0000-8000-8000-000000000000", "bob", "%00", "..%2f..%2fpeers"})
    void refusesAnUnknownOne(String id) {
        problem(given().urlEncodingEnabled(false).get("/v1/sessions/" + id).then(), ErrorCode.SESSION_NOT_FOUND);
        problem(given().urlEncodingEnabled(false).delete("/v1/sessions/" + id).then(), ErrorCode.SESSION_NOT_FOUND);
    }
}
