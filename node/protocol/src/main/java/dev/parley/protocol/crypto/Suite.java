package dev.parley.protocol.crypto;

import java.util.Optional;

/** The authenticated encryptions of section 2. */
public enum Suite {
    /** AES-256-CBC with HMAC-SHA-512, RFC 7518 section 5.2.5: {@code IV(16) | ciphertext | tag(32)}. */
    A256CBC_HS512(0x01, "A256CBC-HS512", 64),
    /** AES-256-GCM: {@code ciphertext | tag(16)}. */
    A256GCM(0x02, "A256GCM", 32);

    private static final int CBC_IV = 16;
    private static final int CBC_BLOCK = 16;
    private static final int CBC_TAG = 32;
    private static final int GCM_TAG = 16;

    private final int id;
    private final String text;
    private final int keyLength;

    Suite(int id, String text, int keyLength) {
        this.id = id;
        this.text = text;
        this.keyLength = keyLength;
    }

    /** Returns the id on the wire, one byte. */
    public int id() {
        return id;
    }

    /** Returns the name that people and configurations use. */
    public String text() {
        return text;
    }

    /** Returns the length L of its key in bytes. */
    public int keyLength() {
        return keyLength;
    }

    /** Returns the length in bytes of what Seal makes of a plaintext of {@code length} bytes. */
    public int sealedLength(int length) {
        return switch (this) {
            case A256CBC_HS512 -> CBC_IV + (length / CBC_BLOCK + 1) * CBC_BLOCK + CBC_TAG;
            case A256GCM -> length + GCM_TAG;
        };
    }

    /** Returns the suite of an id on the wire. */
    public static Optional<Suite> of(int id) {
        for (Suite suite : values()) {
            if (suite.id == id) {
                return Optional.of(suite);
            }
        }
        return Optional.empty();
    }

    /** Returns the suite of a name such as {@code A256GCM}; throws IllegalArgumentException that lists the names. */
    public static Suite parse(String text) {
        for (Suite suite : values()) {
            if (suite.text.equals(text)) {
                return suite;
            }
        }
        throw new IllegalArgumentException("no such suite; known are A256GCM and A256CBC-HS512");
    }

    @Override
    public String toString() {
        return text;
    }
}
