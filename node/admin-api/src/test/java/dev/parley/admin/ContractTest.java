package dev.parley.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContractTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anErrorCodeIsKebabCaseHasAnErrorStatusAndIsFoundAgain(ErrorCode code) {
        assertThat(code.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(code.status()).isBetween(400, 599);
        assertThat(code.title()).isNotBlank();
        assertThat(code.description()).isNotBlank().doesNotEndWith(".");
        assertThat(ErrorCode.of(code.code())).contains(code);
    }

    @Test
    void aCodeOfANewerNodeIsNotAnError() {
        assertThat(ErrorCode.of("from-the-future")).isEmpty();
    }

    @Test
    void everyEventHasItsNameInJson() {
        var named = Stream.of(NodeEvent.class.getAnnotation(JsonSubTypes.class).value());
        assertThat(named.map(JsonSubTypes.Type::value))
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(NodeEvent.class.getPermittedSubclasses()));
    }

    @Test
    void aConnectionIsKeptAndANewPeerIsNotTrustedUnlessTheRequestSaysSo() throws Exception {
        var request = json.readValue("{\"host\":\"h\",\"port\":1}", ConnectRequest.class);
        assertThat(request).isEqualTo(new ConnectRequest("h", 1, null, false, true));
    }

    @Test
    void whatIsNotKnownIsAbsent() throws Exception {
        assertThat(json.writeValueAsString(SendRequest.text("bob", "hi")))
                .isEqualTo("{\"to\":\"bob\",\"text\":\"hi\"}");
        assertThat(json.writeValueAsString(new NodeEvent.PeerForgotten(null, "p", null)))
                .isEqualTo("{\"type\":\"peer-forgotten\",\"peerId\":\"p\"}");
        assertThat(json.writeValueAsString(Problem.of(ErrorCode.PEER_NOT_FOUND, "no peer is called 'x'", null)))
                .isEqualTo("{\"type\":\"urn:parley:error:peer-not-found\",\"title\":\"no such peer\",\"status\":404,"
                        + "\"detail\":\"no peer is called 'x'\",\"code\":\"peer-not-found\"}");
    }
}
