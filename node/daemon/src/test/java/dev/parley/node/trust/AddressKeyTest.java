package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressKeyTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8::7, 2001:db8:0:0::/64",
        "2001:db8:0:0:ffff::1, 2001:db8:0:0::/64",
        "2001:db8:0:1::, 2001:db8:0:1::/64",
        "::1, 0:0:0:0::/64",
        "::ffff:192.0.2.7, 192.0.2.7",
    })
    void anAddressIsReadAsTheKeyThatItCountsUnder(String text, String key) {
        assertThat(AddressKey.parse(text).text()).isEqualTo(key);
        assertThat(AddressKey.parse(key).text()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/64", "1.2.3", "1.2.3.256", "192.0.2.7/64", "localhost", "2001:db8::/32", "::g"})
    void whatIsNoAddressIsSaidSo(String text) {
        assertThatThrownBy(() -> AddressKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IPv4");
    }

    @Test
    void onlyThePrefixCounts() {
        assertThat(AddressKey.parse("2001:db8::1")).isEqualTo(AddressKey.parse("2001:db8::2"));
        assertThat(AddressKey.parse("2001:db8:0:1::1")).isNotEqualTo(AddressKey.parse("2001:db8::1"));
    }
}
