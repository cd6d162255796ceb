package dev.parley.node.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.message.Messages;
import io.nats.client.impl.Headers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

    @Test
    void whatIsNotSaidHasADefault() throws Exception {
        Order order = Order.of(new Headers().put("parley-to", "bob"), "OUT/7");
        assertThat(order).isEqualTo(new Order("at:OUT/7", "bob", "application/octet-stream", Messages.LONGEST_LIFE));
    }

    @Test
    void aGivenIdWinsAndCannotReadAsAPlace() throws Exception {
        Headers headers = new Headers()
                .put("Parley-To", "*")
                .put("Nats-Msg-Id", "x")
                .put("Parley-Media-Type", "text/plain")
                .put("Parley-Expires-In", "PT1H");
        assertThat(Order.of(headers, "OUT/7")).isEqualTo(new Order("id:x", "*", "text/plain", Duration.ofHours(1)));
        assertThat(Order.of(headers.put("Parley-Id", "at:OUT/7"), "OUT/8").id()).isEqualTo("id:at:OUT/7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "PT0S", "-PT1H", "P61D", "PT1H;"})
    void aLifeThatIsNoneIsRefused(String life) {
        Headers headers = new Headers().put("Parley-To", "bob").put("Parley-Expires-In", life);
        assertThatThrownBy(() -> Order.of(headers, "OUT/7"))
                .isInstanceOf(Order.Bad.class)
                .hasMessageContaining("Parley-Expires-In");
    }

    @Test
    void aHeaderThatIsMissingTwiceOrTooLongIsRefused() {
        for (Headers each : new Headers[] {
            null,
            new Headers(),
            new Headers().add("Parley-To", "bob", "eve"),
            new Headers().put("Parley-To", "b".repeat(256))
        }) {
            assertThatThrownBy(() -> Order.of(each, "OUT/7"))
                    .isInstanceOf(Order.Bad.class)
                    .hasMessageContaining("Parley-To");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ümläut", "%0A", "a\r\nNats-Msg-Id: 1", "\u202e.*>", "\ud83d\ude00"})
    void namesAreEncodedAndComeBack(String name) {
        assertThat(Encoding.percent(name)).matches("[A-Za-z0-9._~%-]*");
        assertThat(Encoding.decoded(Encoding.percent(name))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%"})
    void whatIsNoEncodingIsRefused(String text) {
        assertThatThrownBy(() -> Encoding.decoded(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
