package dev.parley.node.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.node.audit.AdminEvent.AdminCommand;
import dev.parley.node.audit.ConnectionEvent.CostForgiven;
import dev.parley.node.config.Tables;
import dev.parley.node.net.HostPort;
import dev.parley.node.net.PeerNetwork;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class GuardTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");

    @Inject
    CapturedAudit audit;

    @Inject
    PeerNetwork network;

    @BeforeEach
    void forget() {
        audit.clear();
    }

    @AfterEach
    void ownAgain() {
        TcpCallerIdentity.pretended = TcpCallerIdentity.OWN;
    }

    @Test
    void saysWhatRunsHere() {
        given().get("/v1/version")
                .then()
                .statusCode(200)
                .header(AdminApi.VERSION_HEADER, "1")
                .body("apiVersion", equalTo(AdminApi.VERSION))
                .body("protocol", equalTo("PSP/1"))
                .body("version", notNullValue());
        assertAudited("GET", "/v1/version", 200, null);
    }

    @Test
    void whoLooksAgainIsCountedAndNotToldEachTime() {
        TcpCallerIdentity.pretended = new Caller(TcpCallerIdentity.OWN.uid(), TcpCallerIdentity.OWN.gid(), 4712);
        for (int i = 0; i < 5; i++) {
            given().get("/v1/stats").then().statusCode(200);
            given().get("/v1/peers").then().statusCode(200);
        }
        given().get("/v1/nothing").then().statusCode(404);
        await().untilAsserted(() -> assertThat(audit.of(AdminCommand.class)).hasSize(7));
        assertThat(audit.of(AdminCommand.class))
                .filteredOn(each -> "/v1/stats".equals(each.path()))
                .hasSize(1);
    }

    @Test
    void refusesAStranger() {
        TcpCallerIdentity.pretended = new Caller(54_321, 1, 2);
        String answer = refusal("GET", "/v1/version");
        await().until(() -> !audit.of(AdminCommand.class).isEmpty());
        assertThat(audit.of(AdminCommand.class))
                .containsExactly(
                        new AdminCommand(54_321, 1, 2, "GET", "/v1/version", "READ", null, 403, "caller-not-allowed"));
        // Nothing tells a stranger what there is.
        assertThat(refusal("GET", "/v1/nothing")).isEqualTo(answer);
        assertThat(refusal("DELETE", "/v1/version")).isEqualTo(answer);
        assertThat(refusal("POST", "/q/dev")).isEqualTo(answer);
        assertThat(refusal("GET", "/v1/openapi")).isEqualTo(answer);
    }

    @Test
    void letsRootIn() {
        TcpCallerIdentity.pretended = new Caller(0, 0, 2);
        given().get("/v1/version").then().statusCode(200);
    }

    @Test
    void refusesWhoeverTheKernelDoesNotKnow() {
        TcpCallerIdentity.pretended = null;
        refusal("GET", "/v1/version");
    }

    private static String refusal(String method, String path) {
        return given().header(AdminApi.VERSION_HEADER, "77")
                .request(method, path)
                .then()
                .statusCode(403)
                .contentType(AdminApi.PROBLEM_JSON)
                .header(AdminApi.VERSION_HEADER, nullValue())
                .body("code", equalTo("caller-not-allowed"))
                .extract()
                .asString();
    }

    @Test
    void theTableHasWhatIsServedAndNothingElse() {
        Map<String, Map<String, Object>> paths =
                given().get("/v1/openapi").then().statusCode(200).extract().path("paths");
        Set<String> served = paths.entrySet().stream()
                .flatMap(path -> path.getValue().keySet().stream()
                        .filter(key -> METHODS.contains(key))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toSet());
        Set<String> table = Permissions.TABLE.stream()
                .map(rule -> rule.method() + " " + rule.path())
                .collect(Collectors.toSet());
        assertThat(served).hasSizeGreaterThan(40).isEqualTo(table);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/%73tatus", "/v1/./status", "/v1/x/../status", "/v1/status;a=b"})
    void noSpellingOfAPathGoesAroundTheTable(String path) {
        given().urlEncodingEnabled(false).get(path).then().statusCode(404);
    }

    @Test
    void limitsAreShownAndForgivingWhatIsNotHeldIsAnError() {
        given().get("/v1/limits")
                .then()
                .statusCode(200)
                .body("limits.name", hasItems("handshakes", "unwraps-waiting", "sessions", "pending-peers"))
                .body("heldBackTotal", equalTo(0))
                .body("threshold", equalTo(1000));
        problem(forgive("192.0.2.77"), ErrorCode.ADDRESS_NOT_FOUND);
        for (String wrong : new String[] {"", "x", "1.2.3", "192.0.2.7/64", "::g", "1.2.3.4:5", "2001:db8::/32"}) {
            problem(forgive(wrong), ErrorCode.INVALID_VALUE);
        }
    }

    @Test
    void forgivingAnAddressThatIsNotHeldBackIsAuditedWithTheAddress() throws Exception {
        HostPort node = HostPort.parse(network.listenAddress());
        try (Socket stranger = new Socket()) {
            stranger.bind(new InetSocketAddress("127.0.0.55", 0));
            stranger.connect(new InetSocketAddress("127.0.0.1", node.port()));
            stranger.getOutputStream().write(new byte[] {(byte) 0xff, 0, 0, 1, 0});
            stranger.getInputStream().readAllBytes();
        } catch (SocketException hungUp) {
            // It may also reset the connection.
        }
        await().untilAsserted(() -> forgive("127.0.0.55").statusCode(200).body("wasHeldBack", equalTo(false)));
        assertThat(audit.of(CostForgiven.class)).singleElement().satisfies(line -> {
            assertThat(line.source()).isEqualTo("127.0.0.55");
            assertThat(line.heldBack()).isFalse();
        });
    }

    private static ValidatableResponse forgive(String address) {
        return given().contentType("application/json")
                .body(Map.of("address", address))
                .post("/v1/limits/forgive")
                .then();
    }

    @Test
    void aCallerLearnsAsWhomItIsSeen() {
        given().get("/v1/caller").then().statusCode(200).body("permission", equalTo("ADMINISTER"));
    }

    @Test
    void saysThatTheNodeIsOlderThanTheClient() {
        problem(given().header(AdminApi.VERSION_HEADER, "2").get("/v1/version").then(), ErrorCode.API_VERSION_MISMATCH)
                .body(
                        "detail",
                        equalTo("the client speaks version 2 of the admin API, the node version 1: the node is older"))
                .body("hint", notNullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "one", "1.0", "99999999999"})
    void refusesAVersionThatIsNone(String version) {
        problem(
                given().header(AdminApi.VERSION_HEADER, version)
                        .get("/v1/version")
                        .then(),
                ErrorCode.INVALID_VALUE);
    }

    @Test
    void anUnknownPathIsAProblemAndAudited() {
        problem(given().get("/v1/nothing").then(), ErrorCode.NOT_FOUND);
        assertAudited("GET", null, 404, "not-found");
        problem(given().get("/").then(), ErrorCode.NOT_FOUND);
        problem(given().get("/q/dev").then(), ErrorCode.NOT_FOUND);
    }

    @Test
    void anUnknownMethodIsAProblem() {
        problem(given().delete("/v1/version").then(), ErrorCode.METHOD_NOT_ALLOWED)
                .body("detail", containsString("DELETE"));
        assertAudited("DELETE", null, 405, "method-not-allowed");
    }

    @Test
    void aMediaTypeThatIsNotServedIsAProblem() {
        problem(given().accept("image/png").get("/v1/version").then(), ErrorCode.NOT_ACCEPTABLE);
    }

    @Test
    void servesItsDescription() throws Exception {
        // As Quarkus wrote it when it built this node for the test.
        Tables.check(
                "src/main/resources/dev/parley/node/control/openapi.json",
                Files.readString(Path.of("target/openapi/openapi.json")));
        given().get("/v1/openapi")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header(AdminApi.VERSION_HEADER, "1")
                .body("info.title", equalTo("Parley admin API"));
    }

    private void assertAudited(String method, String path, int status, String code) {
        var own = TcpCallerIdentity.OWN;
        var expected = new AdminCommand(
                own.uid(),
                own.gid(),
                own.pid(),
                method,
                path,
                status == 404 || status == 405 ? null : "READ",
                "ADMINISTER",
                status,
                code);
        await().untilAsserted(() -> assertThat(audit.of(AdminCommand.class)).contains(expected));
    }

    static ValidatableResponse problem(ValidatableResponse response, ErrorCode code) {
        return response.statusCode(code.status())
                .contentType(AdminApi.PROBLEM_JSON)
                .header(AdminApi.VERSION_HEADER, "1")
                .body("code", equalTo(code.code()))
                .body("type", equalTo("urn:parley:error:" + code.code()))
                .body("title", equalTo(code.title()))
                .body("status", equalTo(code.status()))
                .body("detail", notNullValue());
    }
}
