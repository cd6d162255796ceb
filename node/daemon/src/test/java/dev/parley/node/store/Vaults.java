package dev.parley.node.store;

import dev.parley.protocol.crypto.Secret;
import java.security.SecureRandom;
import java.util.Map;

/** Vaults without a store around them. */
public final class Vaults {
    private static final int KEY_BYTES = 32;

    private Vaults() {}

    /** One with a new key. */
    public static Vault fresh() {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new Vault(Secret.own(key), Map.of(1, Vault.newSalt(random)), 1);
    }
}
