package dev.parley.protocol.handshake;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.ScriptedRandom;
import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeVectorsTest {
    static Stream<JsonNode> handshakes() {
        return stream(Vectors.root().get("handshakes"));
    }

    static Stream<JsonNode> refusedHellos() {
        return stream(Vectors.root().get("hello_refused"));
    }

    @Test
    void followsTheSequenceOfSymmetricSteps() throws Exception {
        SymmetricState state = new SymmetricState(Crypto.jdk(), new ScriptedRandom());
        state.suite(Suite.A256GCM);
        for (JsonNode step : Vectors.root().get("hkdf").get("sequence")) {
            switch (step.get("step").asText()) {
                case "Initialise" -> {}
                case "MixHash" -> state.mixHash(hex(step, "input"));
                case "MixKey" -> state.mixKey(Secret.own(hex(step, "input")));
                case "EncryptAndHash" ->
                    assertThat(state.encryptAndHash(hex(step, "plaintext"))).isEqualTo(hex(step, "ciphertext"));
                default -> throw new AssertionError(step);
            }
            assertThat(state.chainingKey()).isEqualTo(hex(step, "ck"));
            assertThat(state.hash()).isEqualTo(hex(step, "h"));
            assertThat(state.key()).isEqualTo(hex(step, "k"));
            assertThat(state.n()).isEqualTo(step.get("n").asLong());
        }
    }

    /** Byte by byte: with the vector's randomness both sides make exactly the vector's frames. */
    @ParameterizedTest
    @MethodSource("handshakes")
    void reproducesTheHandshake(JsonNode vector) throws Exception {
        ScriptedRandom initiatorRandom =
                VectorHandshake.script(vector.get("randomness").get("initiator"));
        ScriptedRandom responderRandom =
                VectorHandshake.script(vector.get("randomness").get("responder"));
        Local initiator = VectorHandshake.local(vector.get("initiator"), "suites_offered", initiatorRandom);
        Local responder = VectorHandshake.local(vector.get("responder"), "suites_in_order", responderRandom);

        Sent<AwaitAccept> hello = AwaitAccept.begin(initiator);
        assertThat(hello.frame()).isEqualTo(frame(vector, 0));
        Sent<AwaitIdentify> accept =
                new AwaitHello(responder).hello(body(vector, 0)).accept();
        assertThat(accept.frame()).isEqualTo(frame(vector, 1));
        ResponderClaimed claimed = hello.next().accept(body(vector, 1), Optional.empty());
        assertThat(claimed.claimed().encode()).isEqualTo(hex(vector.get("responder"), "identity"));
        Sent<AwaitConfirm> identify = claimed.identify();
        assertThat(identify.frame()).isEqualTo(frame(vector, 2));
        Sent<AwaitReady> confirm = accept.next().identify(body(vector, 2)).confirm();
        assertThat(confirm.frame()).isEqualTo(frame(vector, 3));

        Authenticated atInitiator = identify.next().confirm(body(vector, 3));
        Authenticated atResponder = confirm.next().ready(new Record.Ready(Limits.MAX_PLAINTEXT_USUAL));
        assertThat(initiatorRandom.left()).isZero();
        assertThat(responderRandom.left()).isZero();
        assertThat(atInitiator.peer().encode()).isEqualTo(hex(vector.get("responder"), "identity"));
        assertThat(atResponder.peer().encode()).isEqualTo(hex(vector.get("initiator"), "identity"));
        JsonNode records = vector.get("records");
        for (Authenticated side : List.of(atInitiator, atResponder)) {
            assertThat(side.remoteMaxPlaintext()).isEqualTo(Limits.MAX_PLAINTEXT_USUAL);
            assertThat(side.keys().sessionId())
                    .hasToString(vector.findValue("session_id_text").asText());
            for (Role role : Role.values()) {
                String direction = role == Role.INITIATOR ? "i2r" : "r2i";
                assertThat(side.keys().trafficKey(role).reveal()).isEqualTo(hex(first(records, direction, 0), "key"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void derivesEveryEpoch(JsonNode vector) throws Exception {
        for (JsonNode epoch : vector.get("ratchet_epochs")) {
            Secret none = Secret.own(new byte[32]);
            SessionKeys before = new SessionKeys(
                    Suite.of(vector.get("suite").asInt()).orElseThrow(),
                    none,
                    none,
                    Secret.own(hex(epoch, "ratchet_before")),
                    none);
            SessionKeys after = before.next(Secret.own(hex(epoch, "ss")));
            assertThat(after.trafficKey(Role.INITIATOR).reveal()).isEqualTo(hex(epoch, "key_i2r"));
            assertThat(after.trafficKey(Role.RESPONDER).reveal()).isEqualTo(hex(epoch, "key_r2i"));
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void reproducesAlerts(JsonNode vector) throws Exception {
        Local responder = VectorHandshake.local(
                vector.get("responder"),
                "suites_in_order",
                VectorHandshake.script(vector.get("randomness").get("responder")));
        AwaitIdentify awaitIdentify =
                new AwaitHello(responder).hello(body(vector, 0)).accept().next();
        JsonNode alert = vector.get("alert_in_place_of_identify");
        PeerAlert opened = awaitIdentify.alert(bodyOf(hex(alert, "frame")));
        assertThat(opened).isEqualTo(new PeerAlert(Failure.NOT_TRUSTED, 4, ""));

        JsonNode answer = vector.get("alert_in_place_of_confirm");
        Local initiator = VectorHandshake.local(
                vector.get("initiator"),
                "suites_offered",
                VectorHandshake.script(vector.get("randomness").get("initiator")));
        AwaitConfirm awaitConfirm = AwaitAccept.begin(initiator)
                .next()
                .accept(body(vector, 1), Optional.empty())
                .identify()
                .next();
        assertThat(awaitConfirm.alert(bodyOf(hex(answer, "frame"))))
                .isEqualTo(new PeerAlert(Failure.SHUTTING_DOWN, 8, "bye"));
    }

    /** No responder has a say on trust before READY: whoever says so gives away nothing but that it failed. */
    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"NOT_TRUSTED", "AWAITING_APPROVAL", "BLOCKED"})
    void codesAboutTrustInARespondersAlertAreShownAs3(Failure failure) throws Exception {
        SymmetricState symmetric = new SymmetricState(Crypto.best(), new SecureRandom());
        symmetric.suite(Suite.A256GCM);
        symmetric.mixKey(Secret.own(new byte[32]));
        byte[] alert = bodyOf(symmetric.alert(Role.RESPONDER, failure, "go away"));
        assertThat(new AwaitConfirm(null, symmetric, null).alert(alert))
                .isEqualTo(new PeerAlert(Failure.HANDSHAKE_FAILED, Failure.HANDSHAKE_FAILED.code(), "go away"));
    }

    @ParameterizedTest
    @MethodSource("refusedHellos")
    void refusesHellos(JsonNode vector) {
        byte[] frame = hex(vector, "frame");
        Local responder = VectorHandshake.local(
                Vectors.root().get("handshakes").get(0).get("responder"), "suites_in_order", new ScriptedRandom());
        assertThatThrownBy(() -> new AwaitHello(responder).hello(bodyOf(frame)).accept())
                .as(vector.get("what").asText())
                .isInstanceOfSatisfying(
                        HandshakeException.class,
                        e -> assertThat(e.failure().code())
                                .isEqualTo(vector.get("reject").asInt()));
    }

    private static JsonNode first(JsonNode records, String direction, int epoch) {
        return stream(records)
                .filter(r -> r.get("direction").asText().equals(direction)
                        && r.get("epoch").asInt() == epoch)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] frame(JsonNode vector, int index) {
        return hex(vector.get("frames").get(index), "frame");
    }

    private static byte[] body(JsonNode vector, int index) {
        return bodyOf(frame(vector, index));
    }

    private static byte[] bodyOf(byte[] frame) {
        return Arrays.copyOfRange(frame, Limits.FRAME_HEADER, frame.length);
    }
}
