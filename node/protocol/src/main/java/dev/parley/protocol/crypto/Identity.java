package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Reader;
import dev.parley.protocol.wire.Text;
import dev.parley.protocol.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A public key and what its holder claims about itself (section 4). Only the key is proved, and only by a handshake.
 *
 * <pre>
 * u16 length | SubjectPublicKeyInfo | u8 length | display name | u8 length | advertised listen address
 * | u8 count | count x (u16 length | X.509 certificate, DER) | u16 length | zero bytes
 * </pre>
 *
 * The zeros make the whole a multiple of 1,024 bytes; at most 14,336.
 */
public final class Identity {
    private final RSAPublicKey publicKey;
    private final PeerId peerId;
    private final String name;
    private final String address;
    private final List<byte[]> chain;
    private final byte[] encoded;

    private Identity(RSAPublicKey publicKey, String name, String address, List<byte[]> chain, byte[] encoded) {
        this.publicKey = publicKey;
        this.peerId = RsaKeys.peerId(publicKey.getEncoded());
        this.name = name;
        this.address = address;
        this.chain = List.copyOf(chain);
        this.encoded = encoded;
    }

    /**
     * The identity of our own key.
     *
     * @param name display name, at most 64 bytes of UTF-8 without control, format or private-use characters; may be empty
     * @param address "host:port" where we can be dialed, at most 255 bytes, or empty
     * @param chain X.509 certificates, DER, the first for this key; left out where it does not fit
     * @throws IllegalArgumentException that says which of them is not allowed
     */
    public static Identity of(IdentityKey key, String name, String address, List<byte[]> chain) {
        if (!Text.printable(name) || name.getBytes(StandardCharsets.UTF_8).length > Limits.NAME) {
            throw new IllegalArgumentException(
                    "the display name has at most " + Limits.NAME + " bytes of UTF-8, all of them printable");
        }
        if (!Addresses.allowed(address)) {
            throw new IllegalArgumentException("the advertised address is host:port or empty");
        }
        List<byte[]> fitting = encodedLength(key.publicKey(), name, address, chain) <= Limits.IDENTITY
                        && chain.size() <= Limits.CERTIFICATES
                ? chain
                : List.of();
        byte[] encoded = encode(key.publicKey(), name, address, fitting);
        return new Identity(key.publicKey(), name, address, fitting, encoded);
    }

    /** Parses strictly; certificates are only length-checked. */
    public static Identity parse(byte[] encoded) throws MalformedException {
        if (encoded.length % Limits.IDENTITY_BLOCK != 0 || encoded.length > Limits.IDENTITY) {
            throw new MalformedException("identity not padded, or too long");
        }
        Reader in = new Reader(encoded);
        RSAPublicKey key = RsaKeys.parse(in.bytes(in.u16()));
        byte[] name = in.bytes(in.u8());
        if (name.length > Limits.NAME) {
            throw new MalformedException("display name too long");
        }
        String address = Text.decode(in.bytes(in.u8()));
        if (!Addresses.allowed(address)) {
            throw new MalformedException("advertised address is not host:port");
        }
        int count = in.u8();
        if (count > Limits.CERTIFICATES) {
            throw new MalformedException("too many certificates");
        }
        List<byte[]> chain = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chain.add(in.bytes(in.u16()));
        }
        for (byte b : in.bytes(in.u16())) {
            if (b != 0) {
                throw new MalformedException("padding is not zero");
            }
        }
        in.end();
        return new Identity(key, Text.decode(name), address, chain, encoded.clone());
    }

    /** Returns a copy of the encoding, whose length is a multiple of 1,024 bytes. */
    public byte[] encode() {
        return encoded.clone();
    }

    /** Returns who this is. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the public key. */
    public RSAPublicKey publicKey() {
        return publicKey;
    }

    /** Returns the display name, a claim; printable, may be empty. */
    public String name() {
        return name;
    }

    /** Returns the advertised "host:port", a claim, or an empty string. */
    public String address() {
        return address;
    }

    /** Returns the certificates, DER, not validated; not copied, do not modify. */
    public List<byte[]> chain() {
        return chain;
    }

    /** Identities are equal where every byte of key and claims is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Identity that && java.util.Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return peerId.hashCode();
    }

    @Override
    public String toString() {
        return "Identity[" + peerId + "]";
    }

    private static byte[] encode(RSAPublicKey key, String name, String address, List<byte[]> chain) {
        byte[] spki = key.getEncoded();
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] addressBytes = address.getBytes(StandardCharsets.UTF_8);
        Writer out = new Writer(encodedLength(key, name, address, chain));
        out.u16(spki.length).bytes(spki);
        out.u8(nameBytes.length).bytes(nameBytes);
        out.u8(addressBytes.length).bytes(addressBytes);
        out.u8(chain.size());
        for (byte[] certificate : chain) {
            out.u16(certificate.length).bytes(certificate);
        }
        int padding = out.buffer().length - out.length() - 2;
        return out.u16(padding).zeros(padding).toBytes();
    }

    private static int encodedLength(RSAPublicKey key, String name, String address, List<byte[]> chain) {
        int length = 2
                + key.getEncoded().length
                + 1
                + name.getBytes(StandardCharsets.UTF_8).length
                + 1
                + address.getBytes(StandardCharsets.UTF_8).length
                + 1
                + 2;
        for (byte[] certificate : chain) {
            length += 2 + certificate.length;
        }
        return Math.ceilDiv(length, Limits.IDENTITY_BLOCK) * Limits.IDENTITY_BLOCK;
    }
}
