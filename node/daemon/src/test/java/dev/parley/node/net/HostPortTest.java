package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"node.example:3001", "192.0.2.1:1", "[2001:db8::1]:65535"})
    void printsWhatItReads(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void namesAreComparedWithoutCase() {
        assertThat(HostPort.parse("Node.Example:1")).isEqualTo(HostPort.parse("node.example:1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", "host:", "host:0", "host:65536", "host:-1", "a b:1", "host:1x", "h\n:1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
    }
}
