package dev.parley.protocol.crypto;

import javax.crypto.SecretKey;

/** A JCA key over the bytes of a {@link Secret}: SecretKeySpec would keep a copy that cannot be wiped. */
final class RawKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private final String algorithm;

    /** Shares {@code bytes}: whoever owns them wipes them. */
    RawKey(byte[] bytes, String algorithm) {
        this.bytes = bytes;
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "RawKey[*]";
    }

    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
        throw new java.io.NotSerializableException("RawKey");
    }
}
