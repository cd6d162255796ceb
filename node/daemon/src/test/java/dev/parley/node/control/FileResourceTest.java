package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.node.audit.AdminEvent.AdminCommand;
import dev.parley.node.audit.TransferEvent;
import dev.parley.node.control.LivePeers.Live;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(FileResourceTest.Profile.class)
class FileResourceTest {
    private static final int LARGER_THAN_A_REQUEST = 2 * AdminGuard.MAX_REQUEST_BYTES;

    public static class Profile extends TcpProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var settings = new HashMap<>(super.getConfigOverrides());
            settings.put("parley.files.max-size", "20M");
            settings.put("parley.files.spool-bytes", "40M");
            return settings;
        }
    }

    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @Inject
    SessionRegistry sessions;

    @Inject
    CapturedAudit audit;

    @BeforeEach
    void begin() {
        audit.clear();
    }

    @AfterEach
    void clear() {
        live.clear();
    }

    private static ValidatableResponse upload(String query, byte[] content) {
        return given().contentType(AdminApi.BYTES)
                .body(content)
                .post("/v1/files?" + query)
                .then();
    }

    @Test
    void takesAFileLargerThanAnyOtherRequestMayBe() {
        var bob = live.up("bob");
        byte[] content = content(LARGER_THAN_A_REQUEST);
        String id = upload("peer=bob&name=a/b/photo.jpg&mediaType=image/jpeg", content)
                .statusCode(201)
                .body("direction", equalTo("OUT"))
                .body("peerId", equalTo(bob.id().toString()))
                .body("alias", equalTo("bob"))
                .body("name", equalTo("photo.jpg"))
                .body("mediaType", equalTo("image/jpeg"))
                .body("size", equalTo(content.length))
                .body("sha256", equalTo(HexFormat.of().formatHex(Hash.sha256(content))))
                .body("transferred", equalTo(0))
                .body("createdAt", notNullValue())
                .body("finishedAt", nullValue())
                .extract()
                .path("id");
        await().until(() -> !sent(bob, Record.FileOffer.class).isEmpty());
        assertThat(sent(bob, Record.FileOffer.class).getLast().id()).isEqualTo(UUID.fromString(id));
        given().get("/v1/files/" + id).then().statusCode(200).body("id", equalTo(id));
        given().get("/v1/files?peer=bob&limit=1").then().body("id", equalTo(java.util.List.of(id)));
        given().delete("/v1/files/" + id).then().statusCode(200).body("state", equalTo("CANCELLED"));
        given().get("/v1/files?peer=bob&state=cancelled").then().body("", hasSize(1));
        given().delete("/v1/files/" + id).then().statusCode(204);
        problem(given().get("/v1/files/" + id).then(), ErrorCode.TRANSFER_NOT_FOUND);
        problem(given().delete("/v1/files/" + id).then(), ErrorCode.TRANSFER_NOT_FOUND);
        assertThat(audit.of(TransferEvent.FileQueued.class)).hasSize(1);
        assertThat(audit.of(AdminCommand.class))
                .anyMatch(command -> "/v1/files".equals(command.path()) && command.status() == 201);
    }

    @Test
    void takesAnEmptyFile() {
        live.up("bob");
        upload("peer=bob&name=empty", new byte[0]).statusCode(201).body("size", equalTo(0));
    }

    @Test
    void aFileThatIsOfferedIsTakenByTheOperatorsWordAndGivenOut() {
        var bob = live.up("bob");
        byte[] content = content(100_000);
        UUID id = offered(bob, content);
        given().get("/v1/files/" + id)
                .then()
                .body("state", equalTo("OFFERED"))
                .body("direction", equalTo("IN"))
                .body("name", equalTo("_evil"));
        problem(given().get("/v1/files/" + id + "/content").then(), ErrorCode.TRANSFER_STATE);
        given().post("/v1/files/" + id + "/accept").then().statusCode(200);
        await().until(() -> !sent(bob, Record.FileAccept.class).isEmpty());
        receive(bob, new Record.FileChunk(id, 0, java.util.Arrays.copyOf(content, 65_536)));
        receive(bob, new Record.FileChunk(id, 65_536, java.util.Arrays.copyOfRange(content, 65_536, 100_000)));
        await().until(() -> sent(bob, Record.FileEnd.class).contains(new Record.FileEnd(id, FileStatus.COMPLETE)));
        var answer = given().get("/v1/files/" + id + "/content");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(AdminApi.BYTES);
        assertThat(answer.header("Content-Length")).isEqualTo("100000");
        assertThat(answer.header(AdminApi.SHA256_HEADER))
                .isEqualTo(HexFormat.of().formatHex(Hash.sha256(content)));
        assertThat(answer.asByteArray()).isEqualTo(content);
        problem(given().post("/v1/files/" + id + "/accept").then(), ErrorCode.TRANSFER_STATE);
        given().delete("/v1/files/" + id).then().statusCode(204);
    }

    @Test
    void aFileThatIsOfferedIsDeclined() {
        var bob = live.up("bob");
        UUID id = offered(bob, content(10));
        given().post("/v1/files/" + id + "/decline").then().statusCode(200).body("state", equalTo("DECLINED"));
        await().until(() -> sent(bob, Record.FileEnd.class).contains(new Record.FileEnd(id, FileStatus.REFUSED)));
    }

    @Test
    void refusesAFileThatIsTooLongBeforeItComes() {
        live.up("bob");
        problem(upload("peer=bob&name=a", new byte[(20 << 20) + 1]), ErrorCode.FILE_TOO_LARGE);
    }

    @Tag("long")
    @Test
    void refusesWhatTheSpoolHasNoRoomFor() {
        live.up("bob");
        upload("peer=bob&name=a", new byte[20 << 20]).statusCode(201);
        problem(upload("peer=bob&name=b", new byte[20 << 20]), ErrorCode.QUOTA_REACHED)
                .body("detail", containsString("parley.files.spool-bytes"));
    }

    @Test
    void refusesAFileForWhomTheOperatorHasNotLetIn() {
        var bob = live.up("bob");
        peers.block(bob.id());
        problem(upload("peer=bob&name=a", new byte[10]), ErrorCode.PEER_STATE);
        problem(upload("peer=nobody&name=a", new byte[10]), ErrorCode.PEER_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({
        "name=a, peer is missing",
        "peer=bob, name is missing",
        "peer=bob&name=a&mediaType=ü, mediaType must be",
    })
    void refusesAnUploadThatMakesNoSense(String query, String detail) {
        live.up("bob");
        problem(upload(query, new byte[10]), ErrorCode.INVALID_VALUE).body("detail", containsString(detail));
    }

    @Test
    void refusesAnotherMediaType() {
        problem(
                given().contentType("application/json")
                        .body("{}")
                        .post("/v1/files?peer=bob&name=a")
                        .then(),
                ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void refusesAnUnknownId() {
        for (String id : java.util.List.of("019aaaaa-0000-7000-8000-000000000000", "x")) {
            problem(given().get("/v1/files/" + id).then(), ErrorCode.TRANSFER_NOT_FOUND);
            problem(given().post("/v1/files/" + id + "/accept").then(), ErrorCode.TRANSFER_NOT_FOUND);
            problem(given().get("/v1/files/" + id + "/content").then(), ErrorCode.TRANSFER_NOT_FOUND);
        }
        problem(given().get("/v1/files?state=lost").then(), ErrorCode.INVALID_VALUE);
    }

    private UUID offered(Live bob, byte[] content) {
        UUID id = UUID.randomUUID();
        receive(bob, new Record.FileOffer(id, content.length, Hash.sha256(content), "../.evil", "a/b"));
        await().until(() -> given().get("/v1/files/" + id).statusCode() == 200);
        return id;
    }

    private void receive(Live from, Record record) {
        sessions.received(from.session(), record, LivePeers.SEALED);
    }

    private static <T extends Record> java.util.List<T> sent(Live to, Class<T> kind) {
        return to.link().sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
