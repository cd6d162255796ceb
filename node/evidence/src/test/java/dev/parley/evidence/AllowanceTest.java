package dev.parley.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {
    private static final IdentityKey OWN = IdentityKey.generate(2_048, new SecureRandom());
    private static final IdentityKey OTHER = IdentityKey.generate(2_048, new SecureRandom());
    private static final Instant UNTIL = Instant.parse("2026-03-01T12:00:00.5Z");

    @Test
    void comesThroughItsToken() throws Exception {
        Allowance read = Allowance.parse(Allowance.sign(OWN, UNTIL).encode());
        assertThat(read.peer()).isEqualTo(OWN.peerId());
        assertThat(read.until()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(read.signedBy(key(OWN))).isTrue();
        assertThat(read.signedBy(key(OTHER))).isFalse();
    }

    @Test
    void nobodyElseCanGiveOrProlongIt() throws Exception {
        Allowance signed = Allowance.sign(OWN, UNTIL);
        assertThat(new Allowance(signed.peer(), UNTIL.plusSeconds(3_600), signed.signature()).signedBy(key(OWN)))
                .isFalse();
        Allowance forged =
                new Allowance(OWN.peerId(), UNTIL, Allowance.sign(OTHER, UNTIL).signature());
        assertThat(forged.signedBy(key(OWN))).isFalse();
        assertThat(forged.signedBy(key(OTHER))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "parley-allow-1.", "parley-allow-1.AAAA", "parley-allow-1.!!!!", "parley-allow-2.AAAA", "x"})
    void whatIsNoTokenIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> Allowance.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a token of `parley attack allow`");
    }

    private static RSAPublicKey key(IdentityKey identity) throws Exception {
        return IdentitySignature.publicKey(identity.spki());
    }
}
