package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import dev.parley.admin.AcceptKeyRequest;
import dev.parley.admin.AddPeerRequest;
import dev.parley.admin.AliasRequest;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.VerifyRequest;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class PeerResourceTest {
    private static final Identity DAVE = LivePeers.identity("Dave", "");
    private static final String ID = DAVE.peerId().toString();

    @Inject
    KnownPeers peers;

    @Inject
    LivePeers live;

    @AfterEach
    void clear() {
        live.clear();
    }

    private void daveAsks() {
        peers.decide(DAVE, "192.0.2.7:5000", Role.RESPONDER, event -> CompletableFuture.completedStage(null));
    }

    private static RequestSpecification json(Object body) {
        return given().contentType("application/json").body(body);
    }

    @Test
    void showsWhoWaits() {
        daveAsks();
        given().get("/v1/peers").then().statusCode(200).body("", hasSize(1)).body("[0].state", equalTo("PENDING"));
        given().get("/v1/peers/" + ID.substring(0, 8))
                .then()
                .statusCode(200)
                .body("peerId", equalTo(ID))
                .body("claimedName", equalTo("Dave"))
                .body("connected", equalTo(false))
                .body("containsKey('alias')", equalTo(false))
                .body("safetyText", equalTo(Views.safetyText(DAVE.peerId())));
    }

    @Test
    void approvesVerifiesRenamesBlocksAndForgets() {
        daveAsks();
        json(new ApproveRequest("dave"))
                .post("/v1/peers/" + ID + "/approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("TRUSTED"))
                .body("alias", equalTo("dave"));
        given().contentType("application/json")
                .post("/v1/peers/dave/verify")
                .then()
                .statusCode(200)
                .body("state", equalTo("VERIFIED"));
        json(new AliasRequest("david"))
                .put("/v1/peers/dave/alias")
                .then()
                .statusCode(200)
                .body("alias", equalTo("david"));
        given().contentType("application/json")
                .post("/v1/peers/david/block")
                .then()
                .statusCode(200)
                .body("state", equalTo("BLOCKED"));
        problem(
                given().contentType("application/json")
                        .post("/v1/peers/david/verify")
                        .then(),
                ErrorCode.PEER_STATE);
        given().delete("/v1/peers/david").then().statusCode(204);
        assertThat(peers.all()).isEmpty();
    }

    @Test
    void verifiesByWhatTheOtherOperatorReads() {
        daveAsks();
        var safety = given().get("/v1/peers/" + ID + "/safety")
                .then()
                .statusCode(200)
                .body("peerId", equalTo(ID))
                .body("number", matchesPattern("[0-9]{60}"))
                .body("words", hasSize(6))
                .body("uri", containsString(ID))
                .body("verified", equalTo(false))
                .extract();
        String number = safety.path("number");
        List<String> words = safety.path("words");
        String other = (number.charAt(0) == '0' ? '1' : '0') + number.substring(1);
        for (var wrong : List.of(
                new VerifyRequest(other, null, null),
                new VerifyRequest("", null, null),
                new VerifyRequest(null, String.join(" ", words.reversed()), null),
                new VerifyRequest(number, "not these words", null))) {
            problem(json(wrong).post("/v1/peers/" + ID + "/verify").then(), ErrorCode.SAFETY_MISMATCH);
        }
        problem(
                json(new VerifyRequest(null, null, "by smell"))
                        .post("/v1/peers/" + ID + "/verify")
                        .then(),
                ErrorCode.INVALID_VALUE);
        given().get("/v1/peers/" + ID).then().body("state", equalTo("PENDING"));
        json(new VerifyRequest(number.replaceAll("(.{5})", "$1 "), null, null))
                .post("/v1/peers/" + ID + "/verify")
                .then()
                .statusCode(200)
                .body("state", equalTo("VERIFIED"));
        json(new VerifyRequest(null, String.join(" ", words), null))
                .post("/v1/peers/" + ID + "/verify")
                .then()
                .statusCode(200);
    }

    @Test
    void acceptsAChangedKeyByItsWholeId() {
        daveAsks();
        json(new ApproveRequest("dave"))
                .post("/v1/peers/" + ID + "/approve")
                .then()
                .statusCode(200);
        PeerId other = LivePeers.identity("Other", "").peerId();
        problem(accept(other.toString()), ErrorCode.PEER_STATE);
        peers.keyChanged(DAVE.peerId(), "h:1", other);
        given().get("/v1/peers/dave")
                .then()
                .body("otherKey.peerId", equalTo(other.toString()))
                .body("otherKey.address", equalTo("h:1"));
        problem(accept(ID), ErrorCode.OTHER_KEY);
        problem(accept(other.toString().substring(0, 20)), ErrorCode.INVALID_VALUE);
        accept(other.toString())
                .statusCode(200)
                .body("peer.peerId", equalTo(other.toString()))
                .body("peer.alias", equalTo("dave"))
                .body("peer.state", equalTo("TRUSTED"))
                .body("previousPeerId", equalTo(ID))
                .body("wasVerified", equalTo(false))
                .body("waiting", equalTo(0));
        given().get("/v1/peers/" + ID).then().body("state", equalTo("PENDING"));
    }

    private static ValidatableResponse accept(String id) {
        return json(new AcceptKeyRequest(id)).post("/v1/peers/dave/accept-key").then();
    }

    @Test
    void approvesWithoutABody() {
        daveAsks();
        given().contentType("application/json")
                .post("/v1/peers/" + ID + "/approve")
                .then()
                .statusCode(200)
                .body("state", equalTo("TRUSTED"));
    }

    @Test
    void introducesAPeerByHand() {
        json(new AddPeerRequest(ID, "dave", List.of("dave.example:3001")))
                .post("/v1/peers")
                .then()
                .statusCode(200)
                .body("state", equalTo("TRUSTED"))
                .body("addresses", contains("dave.example:3001"));
        given().get("/v1/peers/dave").then().statusCode(200).body("peerId", equalTo(ID));
    }

    @Test
    void refusesAnAliasThatAnotherHas() {
        live.up("bob");
        daveAsks();
        problem(json(new AliasRequest("bob")).put("/v1/peers/" + ID + "/alias").then(), ErrorCode.ALIAS_TAKEN);
    }

    @Test
    void refusesAnAliasThatIsNone() {
        live.up("bob");
        problem(json(new AliasRequest("../x")).put("/v1/peers/bob/alias").then(), ErrorCode.INVALID_VALUE);
        problem(json("{}").put("/v1/peers/bob/alias").then(), ErrorCode.INVALID_VALUE)
                .body("detail", equalTo("alias is missing"));
    }

    @Test
    void saysWhichPeersAPrefixCouldMean() {
        String prefix = "aaaa";
        String rest = "a".repeat(47);
        for (String end : List.of("a", "b")) {
            json(new AddPeerRequest(prefix + end + rest, end + end, List.of()))
                    .post("/v1/peers")
                    .then()
                    .statusCode(200);
        }
        problem(given().get("/v1/peers/" + prefix).then(), ErrorCode.PEER_AMBIGUOUS)
                .body("detail", containsString("aa, bb"));
    }

    @ParameterizedTest
    @CsvSource({"GET,", "DELETE,", "POST,/approve", "POST,/verify", "POST,/block"})
    void refusesAnUnknownPeer(String method, String action) {
        problem(
                given().contentType("application/json")
                        .request(method, "/v1/peers/nobody" + (action == null ? "" : action))
                        .then(),
                ErrorCode.PEER_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|peerId is missing",
                "{'peerId':'abc'}|peerId: not a peer id",
                "{'peerId':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','addresses':['x']}|addresses: not an address",
                "{'peerId':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','addresses':'x'}|'addresses' is not a list",
            })
    void refusesAnIntroductionThatMakesNoSense(String body, String detail) {
        problem(json(body.replace('\'', '"')).post("/v1/peers").then(), ErrorCode.INVALID_VALUE)
                .body("detail", containsString(detail));
    }
}
