package dev.parley.protocol.handshake;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Calls a cryptographic engine outside the package for it: for the architecture's test of itself. */
public final class BreaksCrypto {
    private BreaksCrypto() {}

    /** Makes a cipher. */
    public static Cipher cipher() throws GeneralSecurityException {
        return Cipher.getInstance("AES/GCM/NoPadding");
    }
}
