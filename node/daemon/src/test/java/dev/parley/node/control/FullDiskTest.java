package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.node.session.SessionRegistry;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A disk that has less than its reserve left is as good as full. */
@QuarkusTest
@TestProfile(FullDiskTest.Profile.class)
class FullDiskTest {

    /** A reserve larger than any disk that tests run on. */
    public static class Profile extends TcpProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var settings = new HashMap<>(super.getConfigOverrides());
            settings.put("parley.store.reserve", "1T");
            return settings;
        }
    }

    @Inject
    LivePeers live;

    @Inject
    SessionRegistry sessions;

    @Test
    void neitherTheOperatorsNorAPeersFileIsTakenAndTheNodeStaysUp() {
        var bob = live.up("bob");
        problem(
                given().contentType(AdminApi.BYTES)
                        .body(new byte[10])
                        .post("/v1/files?peer=bob&name=a")
                        .then(),
                ErrorCode.STORE_FULL);
        UUID id = UUID.randomUUID();
        sessions.received(bob.session(), new Record.FileOffer(id, 10, new byte[32], "a", "a/b"), LivePeers.SEALED);
        await().until(() -> bob.link().sent.contains(new Record.FileEnd(id, FileStatus.NO_ROOM)));
        assertThat(given().get("/v1/files").path("size()").toString()).isEqualTo("0");
        given().get("/v1/status").then().statusCode(200);
        given().get("/v1/doctor").then().body("findings.find { it.check == 'disk' }.level", equalTo("PROBLEM"));
        live.clear();
    }
}
