package dev.parley.node.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.node.config.ParleyConfig;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TcpProfile.class)
class AuditSearchTest {
    @Inject
    ParleyConfig config;

    @Inject
    LivePeers live;

    @AfterEach
    void clear() {
        live.clear();
    }

    /** In a rotated file: what the running node writes itself is in another. */
    private void lines(String... lines) throws Exception {
        Files.writeString(config.dataDir().resolve("net.log.1"), String.join("\n", lines) + "\n");
    }

    @Test
    void findsByAliasAndByTheIdOfAStranger() throws Exception {
        String bob = live.up("bob").id().toString();
        String ofBob =
                "{\"time\":\"2026-01-02T12:00:00Z\",\"seq\":1,\"level\":\"INFO\",\"event\":\"SESSION_UP\",\"peer\":\""
                        + bob + "\",\"alias\":\"old bob\"}";
        String ofEve = ofBob.replace(bob, "evea".repeat(13));
        lines(ofBob, ofEve);
        for (String query :
                new String[] {"peer=bob", "peer=" + bob, "text=old&event=SESSION&peer=bob&level=info&limit=5"}) {
            assertThat(given().get("/v1/audit/search?" + query)
                            .then()
                            .statusCode(200)
                            .extract()
                            .asString())
                    .isEqualTo(ofBob + "\n");
        }
        assertThat(given().get("/v1/audit/search?peer=eveaevea").asString()).isEqualTo(ofEve + "\n");
        // As often as one likes: no search holds on to its place.
        for (int i = 0; i < 5; i++) {
            given().get("/v1/audit/search?session=ffff").then().statusCode(200).body(equalTo(""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=-1",
                "limit=x",
                "level=loud",
                "since=yesterday",
                "until=1",
                "event=%3Cscript%3E",
                "session=x"
            })
    void refusesWhatMakesNoSense(String query) {
        given().get("/v1/audit/search?" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-value"))
                .body("detail", containsString(query.replaceAll("=.*", "")));
    }

    @Test
    void aPeerThatNobodyKnows() {
        given().get("/v1/audit/search?peer=nobody").then().statusCode(404).body("code", equalTo("peer-not-found"));
    }
}
