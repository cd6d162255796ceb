package dev.parley.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class IdentitySignatureTest {
    private static final IdentityKey KEY = IdentityKey.generate(2_048, new SecureRandom());
    private static final IdentityKey OTHER = IdentityKey.generate(2_048, new SecureRandom());
    private static final byte[] MESSAGE = "what is said".getBytes(StandardCharsets.UTF_8);

    private final byte[] signature = IdentitySignature.sign(KEY, "psp1 test", MESSAGE);

    @Test
    void holdsForWhatWasSigned() {
        assertThat(signature).hasSize(256);
        assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 test", MESSAGE, signature))
                .isTrue();
    }

    @Test
    void failsForAnotherKeyPurposeOrMessage() {
        assertThat(IdentitySignature.verify(OTHER.publicKey(), "psp1 test", MESSAGE, signature))
                .isFalse();
        assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 tes", MESSAGE, signature))
                .isFalse();
        assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 test", new byte[0], signature))
                .isFalse();
    }

    @Test
    void failsForEveryByteChangedAndForAnyOtherLength() {
        for (int i = 0; i < signature.length; i++) {
            byte[] changed = signature.clone();
            changed[i] ^= 1;
            assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 test", MESSAGE, changed))
                    .as("byte %d", i)
                    .isFalse();
        }
        assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 test", MESSAGE, new byte[0]))
                .isFalse();
        assertThat(IdentitySignature.verify(KEY.publicKey(), "psp1 test", MESSAGE, new byte[257]))
                .isFalse();
    }

    @Test
    void readsPublicKeysStrictly() throws MalformedException {
        assertThat(IdentitySignature.publicKey(KEY.spki())).isEqualTo(KEY.publicKey());
        byte[] longer = java.util.Arrays.copyOf(KEY.spki(), KEY.spki().length + 1);
        assertThatThrownBy(() -> IdentitySignature.publicKey(longer)).isInstanceOf(MalformedException.class);
    }

    @Test
    void wantsAPurpose() {
        assertThatThrownBy(() -> IdentitySignature.sign(KEY, "", MESSAGE)).isInstanceOf(IllegalArgumentException.class);
    }
}
