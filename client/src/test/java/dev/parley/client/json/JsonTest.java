package dev.parley.client.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.admin.MessageInfo;
import dev.parley.admin.NodeStatus;
import dev.parley.admin.SendRequest;
import dev.parley.admin.SessionInfo;
import dev.parley.client.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void valuesGoRound() {
        String text = "{\"a\":[1,-2.5,true,false,null,\"ü\\n\\\"\"],\"b\":{},\"c\":9007199254740993}";
        assertThat(Json.write(Json.parse(text))).isEqualTo(text);
        assertThat(((Map<?, ?>) Json.parse(text)).get("c")).isEqualTo(9007199254740993L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a\":1}x", "{} {}", "{\"a\":1,\"a\":2}", "[1,]", "nul", "'a'", "99999999999999999999"
            })
    void brokenTexts(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void depthIsLimited() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100) + "]".repeat(100))).isInstanceOf(JsonException.class);
    }

    @Test
    void recordsGoRound() {
        assertThat(Json.write(Records.read(NodeStatus.class, Json.parse(Samples.STATUS))))
                .isEqualTo(Samples.STATUS);
        assertThat(Json.write(Records.read(SessionInfo.class, Json.parse(Samples.SESSION))))
                .isEqualTo(Samples.SESSION);
        String message = Samples.message(Samples.delivery("SENT", "why"));
        assertThat(Json.write(Records.read(MessageInfo.class, Json.parse(message))))
                .isEqualTo(message);
    }

    @Test
    void absentFieldsStayAbsentAndUnknownOnesAreSkipped() {
        assertThat(Json.write(SendRequest.text("bob", "hi"))).isEqualTo("{\"to\":\"bob\",\"text\":\"hi\"}");
        assertThat(Records.read(SendRequest.class, Json.parse("{\"to\":\"bob\",\"of-the-future\":[1]}")))
                .isEqualTo(new SendRequest("bob", null, null, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "{\"to\":5}", "{\"to\":{}}", "{\"broadcast\":\"yes\"}"})
    void wrongShapes(String text) {
        Object value = Json.parse(text);
        assertThatThrownBy(() -> Records.read(SendRequest.class, value)).isInstanceOf(JsonException.class);
    }

    @Test
    void wrongValuesNameTheFieldAndNotTheValue() {
        String text = Samples.SESSION.replace("\"UP\"", "\"secret\"");
        assertThatThrownBy(() -> Records.read(SessionInfo.class, Json.parse(text)))
                .hasMessage("an unexpected value of SessionInfo.state: a String");
        assertThatThrownBy(() -> Records.readList(SessionInfo.class, Json.parse("{}")))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Records.read(NodeStatus.class, Json.parse(Samples.STATUS.replace("\"pid\":42,", ""))))
                .hasMessage("no value for NodeStatus.pid");
        assertThat(Records.readList(SessionInfo.class, List.of())).isEmpty();
    }
}
