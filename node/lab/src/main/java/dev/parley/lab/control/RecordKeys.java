package dev.parley.lab.control;

import dev.parley.lab.Defence;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals or opens the records of one direction: {@code iv[16] | ciphertext | tag[32]}, AES-CBC and then HMAC-SHA-256 over the record's
 * number and all before the tag. Not thread-safe.
 */
public final class RecordKeys {
    static final int BLOCK = 16;
    static final int TAG = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Set<Defence> without;
    private final SecretKeySpec encryption;
    private final byte[] authentication;
    private long n;

    public RecordKeys(byte[] secret, int suite, long first, Set<Defence> without) {
        this.without = without;
        byte[] none = {};
        encryption = new SecretKeySpec(Kdf.derive(secret, none, "encrypt", suite == Handshake.STRONG ? 32 : 16), "AES");
        authentication = Kdf.derive(secret, none, "authenticate", TAG);
        n = first;
    }

    /** A record does not open. */
    public static final class Unopened extends Exception {
        private static final long serialVersionUID = 1;

        Unopened(String why) {
            super(why);
        }
    }

    public byte[] seal(byte[] plaintext) throws GeneralSecurityException {
        byte[] body;
        if (without.contains(Defence.ENCRYPTION_WITH_IV)) {
            body = cipher(Cipher.ENCRYPT_MODE, null).doFinal(plaintext);
        } else {
            byte[] iv = new byte[BLOCK];
            RANDOM.nextBytes(iv);
            byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, iv).doFinal(plaintext);
            body = join(iv, ciphertext);
        }
        byte[] sealed = without.contains(Defence.INTEGRITY) ? body : join(body, tag(body));
        n++;
        return sealed;
    }

    /** The next record's plaintext. One that does not open has not been there: the number stays. */
    public byte[] open(byte[] sealed) throws Unopened {
        int tags = without.contains(Defence.INTEGRITY) ? 0 : TAG;
        if (sealed.length < tags) {
            throw new Unopened("bad length");
        }
        byte[] body = Arrays.copyOf(sealed, sealed.length - tags);
        byte[] tag = Arrays.copyOfRange(sealed, body.length, sealed.length);
        byte[] plaintext;
        if (without.contains(Defence.UNIFORM_FAILURE)) {
            // The mistake of TLS 1.0: what the padding is like shows before anybody has looked at the tag.
            plaintext = decrypt(body);
            check(body, tag);
        } else {
            check(body, tag);
            plaintext = decrypt(body);
        }
        n++;
        return plaintext;
    }

    private void check(byte[] body, byte[] tag) throws Unopened {
        if (!without.contains(Defence.INTEGRITY) && !MessageDigest.isEqual(tag(body), tag)) {
            throw new Unopened("bad tag");
        }
    }

    private byte[] tag(byte[] body) {
        return without.contains(Defence.SEQUENCE_NUMBERS)
                ? Kdf.mac(authentication, body)
                : Kdf.mac(
                        authentication,
                        ByteBuffer.allocate(Long.BYTES).putLong(n).array(),
                        body);
    }

    private byte[] decrypt(byte[] body) throws Unopened {
        boolean plain = without.contains(Defence.ENCRYPTION_WITH_IV);
        if (!plain && body.length < BLOCK) {
            throw new Unopened("bad length");
        }
        try {
            return plain
                    ? cipher(Cipher.DECRYPT_MODE, null).doFinal(body)
                    : cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(body, BLOCK)).doFinal(body, BLOCK, body.length - BLOCK);
        } catch (BadPaddingException e) {
            throw new Unopened("bad padding");
        } catch (IllegalBlockSizeException e) {
            throw new Unopened("bad length");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(iv == null ? "AES/ECB/PKCS5Padding" : "AES/CBC/PKCS5Padding");
        if (iv == null) {
            cipher.init(mode, encryption);
        } else {
            cipher.init(mode, encryption, new IvParameterSpec(iv));
        }
        return cipher;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
