package dev.parley.node.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.oneOf;

import dev.parley.admin.ErrorCode;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.Identity;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(TcpProfile.class)
class StatusTest {
    @Inject
    NodeFacts facts;

    @Inject
    LivePeers live;

    @Inject
    ParleyConfig config;

    @AfterEach
    void clear() {
        live.clear();
    }

    @Test
    void saysHowTheNodeIs() {
        live.up("bob");
        given().get("/v1/status")
                .then()
                .statusCode(200)
                .body("apiVersion", equalTo(1))
                .body("pid", equalTo((int) ProcessHandle.current().pid()))
                .body("peerId", equalTo(facts.identity().peerId().toString()))
                .body("name", equalTo("carol"))
                .body("listen", matchesPattern("127\\.0\\.0\\.1:[1-9][0-9]+"))
                .body("startedAt", equalTo(facts.startedAt().toString()))
                .body("uptimeMillis", greaterThanOrEqualTo(0))
                .body("dataDir", equalTo(config.dataDir().toString()))
                .body("managementPort", equalTo(facts.managementPort().orElseThrow()))
                .body("trustMode", equalTo("approve"))
                .body("suites", contains("A256GCM", "A256CBC-HS512"))
                .body("cryptoProvider", is(oneOf("Corretto", "JDK")))
                .body("ready", equalTo(true))
                .body("counts.sessions", equalTo(1))
                .body("counts.connections", equalTo(0))
                .body("counts.peers.TRUSTED", equalTo(1))
                .body("counts.peers.BLOCKED", equalTo(0))
                .body("counts.messages.size()", equalTo(6));
    }

    @Test
    void saysThatItIsStarting() {
        var starting = new StatusResource(
                new NotReady(), null, null, null, config, null, null, null, null, null, null, null, null, null, "1");
        assertThatThrownBy(starting::status)
                .isInstanceOfSatisfying(
                        ApiException.class, busy -> assertThat(busy.code()).isEqualTo(ErrorCode.NODE_BUSY))
                .hasMessage("the node is starting");
        assertThatThrownBy(starting::identity).isInstanceOf(ApiException.class);
    }

    @Test
    void saysWhoTheNodeIs() throws Exception {
        String id = facts.identity().peerId().toString();
        String pem = given().get("/v1/identity")
                .then()
                .statusCode(200)
                .body("peerId", equalTo(id))
                .body("name", equalTo("carol"))
                .body("advertise", equalTo("carol.example:3001"))
                .body("algorithm", equalTo("RSA"))
                .body("bits", equalTo(2048))
                .body("safetyText", matchesPattern("([a-z2-7]{4} ){12}[a-z2-7]{4}"))
                .body("safetyText", endsWith(" " + id.substring(48)))
                .extract()
                .path("publicKeyPem");
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\n", "");
        var key = KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        assertThat(key).isEqualTo(facts.identity().publicKey());
    }

    @Test
    void signsACertificateRequestForItsKey() throws Exception {
        String pem = given().contentType("application/json")
                .body("{\"names\": [\"web-1.example\", \"spiffe://example/web\"]}")
                .post("/v1/identity/csr")
                .then()
                .statusCode(200)
                .body("peerId", equalTo(facts.identity().peerId().toString()))
                .extract()
                .path("pem");
        var request =
                new PKCS10CertificationRequest(Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\n", "")));
        assertThat(request.getSubjectPublicKeyInfo().getEncoded())
                .isEqualTo(facts.identity().publicKey().getEncoded());
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder()
                        .build(facts.identity().publicKey())))
                .isTrue();
        for (String bad : List.of("{\"names\": [\"with space\"]}", "{\"names\": [null]}", "{\"names\": [\"\"]}")) {
            given().contentType("application/json")
                    .body(bad)
                    .post("/v1/identity/csr")
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid-value"));
        }
    }

    /** A node that has not come up yet. */
    private record NotReady() implements NodeFacts {
        @Override
        public boolean ready() {
            return false;
        }

        @Override
        public Identity identity() {
            return null;
        }

        @Override
        public String certificateRequest(List<String> names) {
            return null;
        }

        @Override
        public String attackAllowance(Instant until) {
            return null;
        }

        @Override
        public Instant startedAt() {
            return null;
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public boolean auditWritable() {
            return false;
        }

        @Override
        public long auditLines() {
            return 0;
        }

        @Override
        public Optional<String> addressChange() {
            return Optional.empty();
        }

        @Override
        public OptionalInt managementPort() {
            return OptionalInt.empty();
        }
    }
}
