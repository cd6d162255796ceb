package dev.parley.node.store;

import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Seals what is stored, with AES-256-GCM. A sealed value is {@code run u32 | n u64 | ciphertext | tag(16)}, {@value #OVERHEAD}
 * bytes more than what is in it. Each start of the node is a run with a key of its own, derived from the store key and a
 * fresh random salt, and n counts within the run: so no key meets the same n twice, not even after an old copy of the
 * store was put back. Who asks to open a value says what it must be ({@code place}), or it does not open.
 *
 * <p>Thread-safe: each thread that works with it has its own ciphers.
 */
public final class Vault implements AutoCloseable {

    /** Bytes that a sealed value is longer than its content. */
    public static final int OVERHEAD = Integer.BYTES + Long.BYTES + 16;

    static final int SALT = 32;

    private static final int HEADER = Integer.BYTES + Long.BYTES;
    private static final byte[] LABEL = "parley store run".getBytes(StandardCharsets.US_ASCII);

    private final Secret key;
    private final Map<Integer, byte[]> salts;
    private final int run;
    private final AtomicLong next = new AtomicLong();
    private final ThreadLocal<Map<Integer, Aead>> ciphers = ThreadLocal.withInitial(HashMap::new);

    /**
     * @param key the store key, 32 bytes; wiped on close
     * @param salts the salt of every run
     * @param run the one to seal in
     */
    Vault(Secret key, Map<Integer, byte[]> salts, int run) {
        this.key = key;
        this.salts = Map.copyOf(salts);
        this.run = run;
    }

    /** @param place what the value is, for example the table, column and key that it goes to */
    public byte[] seal(byte[] place, byte[] content) {
        return seal(place, content, 0, content.length);
    }

    /** Seals {@code length} bytes of {@code content} from {@code offset}. */
    public byte[] seal(byte[] place, byte[] content, int offset, int length) {
        byte[] sealed = new byte[OVERHEAD + length];
        long n = next.getAndIncrement();
        ByteBuffer.wrap(sealed).putInt(run).putLong(n);
        cipher(run).seal(n, place, content, offset, length, sealed, HEADER);
        return sealed;
    }

    /** @throws StoreException.Unusable if it is not what was sealed for this place */
    public byte[] open(byte[] place, byte[] sealed) {
        return open(place, sealed, 0, sealed.length);
    }

    /** Opens {@code length} bytes of {@code sealed} from {@code offset}. */
    public byte[] open(byte[] place, byte[] sealed, int offset, int length) {
        if (length < OVERHEAD) {
            throw damaged(null);
        }
        ByteBuffer header = ByteBuffer.wrap(sealed, offset, HEADER);
        int in = header.getInt();
        long n = header.getLong();
        if (!salts.containsKey(in)) {
            throw damaged(null);
        }
        try {
            return cipher(in).open(n, place, sealed, offset + HEADER, length - HEADER);
        } catch (CryptoException e) {
            throw damaged(e);
        }
    }

    /** What a value is, in bytes. @param parts byte arrays of a fixed length each, or the last one of any */
    public static byte[] place(String what, byte[]... parts) {
        byte[] name = what.getBytes(StandardCharsets.US_ASCII);
        int length = name.length + 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer place = ByteBuffer.allocate(length).put(name).put((byte) 0);
        for (byte[] part : parts) {
            place.put(part);
        }
        return place.array();
    }

    /** The store key, wrapped for an identity key. */
    byte[] wrappedFor(RSAPublicKey recipient, SecureRandom random) {
        synchronized (key) {
            try {
                return KeyTransport.wrap(recipient, key, Crypto.best(), random);
            } catch (CryptoException e) {
                throw new StoreException("the identity key cannot wrap a store key", e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (key) {
            key.close();
        }
    }

    static byte[] newSalt(SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return salt;
    }

    private static StoreException damaged(CryptoException cause) {
        return new StoreException.Unusable("something in the store is damaged or was changed: it does not open", cause);
    }

    private Aead cipher(int in) {
        Map<Integer, Aead> mine = ciphers.get();
        Aead cipher = mine.get(in);
        if (cipher == null) {
            byte[] info = ByteBuffer.allocate(LABEL.length + SALT)
                    .put(LABEL)
                    .put(salts.get(in))
                    .array();
            synchronized (key) {
                cipher = Aead.of(
                        Suite.A256GCM,
                        Hash.expand(key, info, Suite.A256GCM.keyLength()),
                        Crypto.best(),
                        new SecureRandom());
            }
            mine.put(in, cipher);
        }
        return cipher;
    }
}
