package dev.parley.lab.control;

import java.security.GeneralSecurityException;
import java.security.PublicKey;

/** What one side of a handshake shows, and what it can do. A thief can do with a stolen key what it shows by another name. */
public interface Keys {
    /** What the other side sees. */
    PublicKeys shown();

    /**
     * Opens what was wrapped for these keys.
     *
     * @param transformation of {@link javax.crypto.Cipher}
     * @throws GeneralSecurityException if it does not open
     */
    byte[] unwrap(String transformation, byte[] wrapped) throws GeneralSecurityException;

    /** The X25519 secret with somebody. */
    byte[] agree(PublicKey other) throws GeneralSecurityException;

    /** What a broken random generator begins with each time. */
    byte[] seed();

    /** Shows one thing and can do another: what an impostor has. */
    static Keys pretending(PublicKeys shown, Keys able) {
        return new Keys() {
            @Override
            public PublicKeys shown() {
                return shown;
            }

            @Override
            public byte[] unwrap(String transformation, byte[] wrapped) throws GeneralSecurityException {
                return able.unwrap(transformation, wrapped);
            }

            @Override
            public byte[] agree(PublicKey other) throws GeneralSecurityException {
                return able.agree(other);
            }

            @Override
            public byte[] seed() {
                return able.seed();
            }
        };
    }
}
